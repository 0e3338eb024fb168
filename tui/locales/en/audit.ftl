# audit
audit-col-seq = No.
audit-col-at = Time
audit-col-actor = Who
audit-col-role = Role
audit-col-action = Action
audit-col-subject = On
audit-col-why = Why
audit-none = No row of the audit fits
audit-who = { $actor } ({ $role })
audit-why = Why: { $why }
audit-filter = { audit-field }: { $value }
audit-field = { $field ->
    [subject] on
    [actor] who
    [thing] kind
   *[action] action
}
audit-ask-field = Narrow by which field
audit-ask-value = { audit-field } is (empty for any)
audit-do-clear = Clear filter
audit-do-older = Older rows
audit-do-verify = Verify the chain
audit-why-no-filter = nothing narrows the list
audit-why-no-row = no row is selected
audit-sound = The chain holds: { $sound } rows
audit-broken = The chain breaks at row { $seq } ({ $cause })
audit-ask-one = Narrow by { audit-field } (those that occur here, with how often)
audit-any = Any
audit-other = Write another one
