# Messages of the API.
api-no-token = No valid token. Make one with `zhengai token create` and send it as `Authorization: Bearer …`.
api-path-from-afar = A path is only read on the computer of the one who asks. Upload the file first (PUT /v1/uploads/NAME) and name its number.
api-one-file = Name the file either by path or by upload, not both and not neither.
api-no-upload = There is no upload { $upload } of yours. It was used or thrown away, or it is older than a day; send the file again.
api-upload-name = `{ $name }` is not the name of a file. Give the name alone, without folders and special characters.
api-upload-large = The file is larger than what may still be uploaded ({ $bytes } bytes). Nothing was kept. Throw away uploads that are not needed, or ask an administrator for a larger limit.
api-no-job = There is no job { $job } of yours on this server. Jobs end with the process that runs them; what they did is in the record.
api-too-many-jobs = { $count } jobs wait or run already. Try again when some are done, or cancel one.
api-closing = The server is shutting down and takes no more jobs. Try again when it is back.
api-busy = Another change is still being written (job { $job }), and nothing was changed here. Try again when it is done, or cancel it.
api-changed-meanwhile = This was changed by somebody else since you read it. Nothing was changed; look at it again and repeat your change.
api-no-path = This server knows no such path. GET /v1/openapi.json lists them.
api-no-method = This path does not know the method. GET /v1/openapi.json lists what it knows.
api-too-large = The request is too large. Upload files with PUT /v1/uploads/NAME.
api-not-json = The body must be JSON, with `Content-Type: application/json`.
api-too-slow = The request took too long to arrive or to be answered. Try again; GET /v1/jobs lists what is running.
api-overloaded = The server has more to do than it takes on. Try again soon.
api-bad-request = The request cannot be read: { $problem }
api-broken = The server has a defect; nothing more was changed. Its log tells more under the number of this request.
api-line-at = { $place }: { $text }
api-stage-objects = objects and hierarchy
api-stage-scan = scanning
api-stage-evaluate = values and verdicts
api-stage-rules = warning rules
api-stage-results = results
api-report-college = Report on the college
api-report-layer = Report on a layer
api-report-object = Report on an object
api-server-address = `{ $address }` is not the address of a server. Give it as https://host:port, without user, password and query.
api-server-clear = `{ $address }` is not encrypted, and the token would travel in clear. Use https://; plain http:// is for this computer only.
api-server-authority = { $path } holds no certificate of an authority in PEM form: { $problem }
api-server-client = No connection can be made: { $problem }
api-stage-rows = Reading rows
api-query-sheet = query
api-stage-rehearse = Rehearsing
api-threshold-start = Start
api-threshold-process = Process
api-threshold-target = Target
api-threshold-standard = Standard
api-threshold-warning = Warning
api-threshold-recovery = Recovery
api-too-often = Too many requests. Try again in { $seconds } seconds; serve.requests_per_second and serve.failures_per_minute are the limits.
api-other-host = The server is not called by this name. Use a name of serve.hosts, on loopback localhost or 127.0.0.1.
api-serve-listen = Cannot listen on { $address }: { $problem }. Set another address with serve.listen.
api-serve-clear = { $address } can be reached from other computers, and nothing would be encrypted. Set serve.tls_certificate and serve.tls_key, or listen on 127.0.0.1. Where something before the server encrypts, set serve.clear = "anywhere".
api-serve-half = serve.tls_certificate and serve.tls_key go together; only one of them is set.
api-serve-certificate = { $path } and its key cannot be used: { $problem }. Both must be files in PEM form.
api-serve-key-exposed = Others may read the key { $path }. Let nobody but the owner read it (chmod 600), then try again.

# warnings
api-warnings-one-choice = Give either the warnings chosen (chosen) or a filter (filter), not both and not neither.
api-warnings-nobody = nobody
api-warnings-college = the whole college
api-cause-open = open
api-cause-inhibited = held: { $cause }
api-cause-capped = beyond the cap of their rules; run { $cause } counted them without listing them
api-cause-silenced = silenced
api-cause-shelved = shelved
api-plugin-state = { $state ->
    [enabled] on
    [changed] changed, off
    [quarantined] quarantined
   *[disabled] off
}
api-plugin-runs = { $place ->
    [inside] ships, in our process
    [trusted] trusted, in our process
    [worker] worker process
   *[none] data only
}
api-plugin-signed = signed with key { $key } of the college
api-stage-backup = backing up
api-stage-verify = verifying
api-stage-doctor = examining
api-college-away = The college cannot be opened now. The server's log tells why under the number of this request.
api-unknown-parameter = There is no parameter “{ $name }” here. Those there are: { $known }.
api-no-parameters = There is no parameter “{ $name }” here; this takes none.
