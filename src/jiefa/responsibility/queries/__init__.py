"""Reading who answers for whom, by what is asked: people, answering, teams, visits."""
