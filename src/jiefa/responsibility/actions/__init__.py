"""What officers do about responsibility: people, appointing, teams, visiting, loading of workbooks."""
