"""What stands beside a pack's files for whoever opens it without Hotwash."""

README_TEXT = """\
EVIDENCE PACK

  record.json        the whole record of the incident
  clips/             the audio that the report cites, with two seconds on both sides
  evidence/          files that prove statements of the report
  manifest.json      size and SHA-256 of each of these; the heads of the recordings' hash chains
  report.pdf         the report; its first page prints the SHA-256 of manifest.json
  SHA256SUMS         the SHA-256 of manifest.json and report.pdf
  SHA256SUMS.sig     if somebody signed it: the public key and the signature over SHA256SUMS

To check it:  hotwash verify PACK.zip
Without Hotwash, unpack it, then:  sha256sum -c SHA256SUMS
and compare each file with its line in manifest.json.

What that proves
  Nothing in the pack was changed, added or taken away since it was made, by accident or by
  somebody who did not make it anew.
  With a signature: whoever holds that key vouches for it. Compare the key's fingerprint with one
  that you got another way.
  With the printed first page, or the hash of the manifest got another way: it is the same pack.

What it does not prove
  That the record is true, complete, or was made at the time it says.
  Who made it, if it is not signed: anybody can change a pack and compute all hashes anew.
  That the clips are unchanged since they were recorded: who has the whole recording checks it
  against the chain heads in manifest.json, with "hotwash verify" of the incident.
"""
