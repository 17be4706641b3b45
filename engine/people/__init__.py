"""Who is who: units, members, roles and what each may do, accounts, delegation, leaving."""
