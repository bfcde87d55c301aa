"""Verify an audit export without the planner: python verify_audit.py FILE [HEAD], with a head that was kept elsewhere."""

import hashlib
import json
import sys

count, head, heads, ends, row = 0, "", set(), {}, None
try:
    with open(sys.argv[1], encoding="ascii") as file:
        names = json.loads(file.readline())["fields"]
        for row in map(json.loads, file):
            if isinstance(row, dict):
                break
            fact = dict(zip(names, row, strict=True))
            number, previous = ends.get((fact["study"], fact["subject"]), (0, ""))
            fields = json.dumps(row[:-2], separators=(",", ":"))
            head = hashlib.sha256((head + fact["hash"]).encode()).hexdigest()
            place = (fact["position"], fact["number"], fact["previous_hash"]) == (count + 1, number + 1, previous)
            if not place or hashlib.sha256(fields.encode()).hexdigest() != fact["hash"] or head != fact["head"]:
                raise ValueError("its place, hash or head is not right")
            count, ends[fact["study"], fact["subject"]] = count + 1, (fact["number"], fact["hash"])
            heads.add(head)
        if row != {"facts": count, "head": head} or file.read():
            raise ValueError("the end is not right")
except (ValueError, LookupError, TypeError) as wrong:
    sys.exit(f"WRONG after fact {count}: the next line was changed, removed or moved ({wrong})")
if sys.argv[2:] and (kept := sys.argv[2].strip().lower()) not in heads:
    why = "the end was cut or written anew, or it is another log" if len(kept) == 64 else "a head has 64 hexadecimal digits"
    sys.exit(f"WRONG: none of the {count} facts has the head {kept!r}: {why}")
print(f"OK: {count} facts, head {head}")
