"""From counts to people: who of those who wish the same gets which of the seats they got together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Counts = Sequence[Mapping[int, int]]
"""By round: how many copies of a unit sit in each group."""


def share_out(counts: Counts, copies: int) -> list[list[int | None]]:
    """For each copy its group in each round, so that as few as possible get the same group twice.

    A colouring of the edges of the bipartite multigraph of rounds and groups with one colour for each copy: it exists
    as long as no vertex has more edges than there are copies (D. König, 1916), and a group with more is two vertices.
    """
    shared: list[list[int | None]] = [[None] * len(counts) for _ in range(copies)]
    if copies == 1:
        for number, groups in enumerate(counts):
            shared[0][number] = next((group for group, count in groups.items() if count), None)
        return shared
    colouring = _Colouring(copies)
    seen: dict[int, int] = {}
    for number, groups in enumerate(counts):
        for group, count in groups.items():
            for _ in range(count):
                # The people beyond the number of copies sit here a second time: another vertex.
                vertex = (group, seen.get(group, 0) // copies)
                seen[group] = seen.get(group, 0) + 1
                colouring.add(number, vertex)
    for (number, colour), (group, _part) in colouring.of_round.items():
        shared[colour][number] = group
    return shared


class _Colouring:
    """Edges between rounds and groups; no two of a colour meet."""

    def __init__(self, colours: int) -> None:
        self._colours = range(colours)
        # What a colour leads to, at a round and at a group.
        self.of_round: dict[tuple[int, int], tuple[int, int]] = {}
        self._of_group: dict[tuple[tuple[int, int], int], int] = {}

    def add(self, number: int, group: tuple[int, int]) -> None:
        """Add an edge; others change their colour where both ends have none in common left."""
        at_round = next(colour for colour in self._colours if (number, colour) not in self.of_round)
        at_group = next(colour for colour in self._colours if (group, colour) not in self._of_group)
        if (group, at_round) in self._of_group:
            self._swap(group, at_round, at_group)
        self.of_round[number, at_round] = group
        self._of_group[group, at_round] = number

    def _swap(self, group: tuple[int, int], taken: int, spare: int) -> None:
        """Follow the path of both colours from `group` on and change them; it never comes back to the round."""
        path = []
        vertex, colour = group, taken
        while True:
            number = self._of_group.get((vertex, colour))
            if number is None:
                break
            path.append((number, vertex, colour))
            colour = spare if colour == taken else taken
            further = self.of_round.get((number, colour))
            if further is None:
                break
            path.append((number, further, colour))
            vertex = further
            colour = spare if colour == taken else taken
        for number, vertex, colour in path:
            del self.of_round[number, colour]
            del self._of_group[vertex, colour]
        for number, vertex, colour in path:
            other = spare if colour == taken else taken
            self.of_round[number, other] = vertex
            self._of_group[vertex, other] = number
