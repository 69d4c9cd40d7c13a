"""Who answers for whom: organisations, cadres, village teams, the one helper of a household, visits, rounds, pairings."""
