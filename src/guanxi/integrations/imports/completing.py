"""What later rows add to a record that an earlier row of the same import made."""

from uuid import UUID

from guanxi.integrations.imports.verdicts import Candidate


class Completing:
    """Which columns the records that this import makes have been given so far."""

    def __init__(self) -> None:
        self.made: dict[UUID, frozenset[str]] = {}

    def begin(self, candidate: Candidate, record_id: UUID) -> None:
        """A row becomes a record."""
        self.made[record_id] = frozenset(candidate.values)

    def adds(self, candidate: Candidate, record_id: UUID) -> bool:
        """Whether a later row says more of a record of this import than those before it."""
        given = self.made.get(record_id)
        if given is None or candidate.values.keys() <= given:
            return False
        self.made[record_id] = given | candidate.values.keys()
        return True
