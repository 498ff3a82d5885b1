"""The account as one page for people: self-contained, Vietnamese first; it shows what is there and adds nothing."""
