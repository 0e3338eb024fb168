/* The plugin: what it says about itself, its configuration, and its reads. */
#include "columns.h"
#include "journal.h"
#include "json.h"
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_LIMIT = 16, BATCH_ROWS = 1000, BATCH_ROWS_LIMIT = 65536, BATCH_BYTES = 16 << 20, POLL_ROWS = 256 };

struct ZgInstance {
  const ZgHost *host;
  atomic_int stop;                       /* set by cancel(), which may come from another thread */
  char *path, *name;
  char *key[KEY_LIMIT];
  size_t keys;
  int64_t batch_rows;
  bool skip_bad_lines;
};

static const char DESCRIPTION[] =
  "{\"id\":\"connector-journal\",\"version\":\"1.0.0\",\"components\":[{\"name\":\"journal\","
  "\"can\":[\"check\",\"discover\",\"schema\",\"read\"],\"config\":{"
  "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"additionalProperties\":false,"
  "\"required\":[\"path\"],\"properties\":{"
  "\"path\":{\"type\":\"string\",\"format\":\"path\",\"minLength\":1,\"maxLength\":4096,\"title\":\"Path of the journal\"},"
  "\"name\":{\"type\":\"string\",\"pattern\":\"^[a-z][a-z0-9_-]*$\",\"maxLength\":64,\"default\":\"journal\"},"
  "\"key\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":200},\"maxItems\":16,"
  "\"uniqueItems\":true,\"default\":[]},"
  "\"batch_rows\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":65536,\"default\":1000},"
  "\"bad_lines\":{\"enum\":[\"stop\",\"skip\"],\"default\":\"stop\"}}}}]}";

/* ---- small help */
static int32_t no_memory(struct fault *fault) {
  return fault_set(fault, ZG_E_SYSTEM, "journal-no-memory", "", "there is no memory left");
}

static ZgStr str(const char *text) { ZgStr made = {(const uint8_t *)text, strlen(text)}; return made; }

static void log_warning(const ZgInstance *self, const struct fault *fault) {
  struct text fields = {0};
  if (!self->host || !ZG_HAS(self->host, ZgHost, log)) return;
  text_put(&fields, "{\"line\":");
  text_put(&fields, fault->args[0].name ? fault->args[0].value : "0");
  text_put(&fields, "}");
  if (!fields.failed) {
    ZgStr json = {(const uint8_t *)fields.bytes, fields.length};
    self->host->log(self->host->ctx, 2, str("journal"), str(fault->text), json);
  }
  free(fields.bytes);
}

static bool stopped(ZgInstance *self) {
  if (atomic_load(&self->stop)) return true;
  return self->host && ZG_HAS(self->host, ZgHost, cancelled) && self->host->cancelled(self->host->ctx);
}

static int32_t give_text(ZgBuf *out, struct text *text, struct fault *fault) {
  if (text->failed) { free(text->bytes); return no_memory(fault); }
  return give_owned(out, text->bytes, text->length) == ZG_OK ? ZG_OK : no_memory(fault);
}

/* ---- configuration: the host has checked it against the schema; a plugin looks again, because hosts have bugs too */
static int32_t wrong(struct fault *fault, const char *pointer, const char *rule) {
  fault_set(fault, ZG_E_CONFIG, "journal-config", pointer, rule);
  fault_arg(fault, "field", pointer);
  fault_arg(fault, "rule", rule);
  return fault->code;
}

static char *copy_of(const struct json *value) {
  char *copy = malloc(value->length + 1);
  if (copy) memcpy(copy, value->text, value->length + 1);
  return copy;
}

static int32_t read_key(ZgInstance *self, const struct json *key, struct fault *fault) {
  if (key->kind != JSON_ARRAY) return wrong(fault, "/key", "must be a list of column names");
  for (const struct json *name = key->first; name; name = name->next) {
    struct text pointer = {0};
    text_put(&pointer, "/key/");
    text_int(&pointer, (int64_t)self->keys);
    int32_t code = ZG_OK;
    if (pointer.failed) code = no_memory(fault);
    else if (self->keys == KEY_LIMIT) code = wrong(fault, pointer.bytes, "too many columns");
    else if (!json_is_text(name) || name->length == 0) code = wrong(fault, pointer.bytes, "must be the name of a column");
    else if (!(self->key[self->keys] = copy_of(name))) code = no_memory(fault);
    else self->keys++;
    free(pointer.bytes);
    if (code != ZG_OK) return code;
  }
  return ZG_OK;
}

static bool is_name(const struct json *value) {
  if (!json_is_text(value) || value->length == 0 || value->length > 64) return false;
  if (value->text[0] < 'a' || value->text[0] > 'z') return false;
  return strspn(value->text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == value->length;
}

static int32_t read_member(ZgInstance *self, const struct json *member, struct fault *fault) {
  if (strcmp(member->key, "path") == 0) {
    if (!json_is_text(member) || member->length == 0) return wrong(fault, "/path", "must be the path of a file");
    return (self->path = copy_of(member)) ? ZG_OK : no_memory(fault);
  }
  if (strcmp(member->key, "name") == 0) {
    if (!is_name(member)) return wrong(fault, "/name", "must be lower-case letters, digits, _ and -, a letter first");
    return (self->name = copy_of(member)) ? ZG_OK : no_memory(fault);
  }
  if (strcmp(member->key, "key") == 0) return read_key(self, member, fault);
  if (strcmp(member->key, "batch_rows") == 0) {
    if (!member->is_whole || member->whole < 1 || member->whole > BATCH_ROWS_LIMIT)
      return wrong(fault, "/batch_rows", "must be a whole number from 1 to 65536");
    self->batch_rows = member->whole;
    return ZG_OK;
  }
  if (strcmp(member->key, "bad_lines") == 0) {
    if (!json_is_text(member) || (strcmp(member->text, "stop") != 0 && strcmp(member->text, "skip") != 0))
      return wrong(fault, "/bad_lines", "must be \"stop\" or \"skip\"");
    self->skip_bad_lines = strcmp(member->text, "skip") == 0;
    return ZG_OK;
  }
  return wrong(fault, "", "there is a setting that this connector does not have");
}

static int32_t configure(ZgInstance *self, ZgStr text, struct fault *fault) {
  struct json_fault why;
  struct json *config = json_parse(text.ptr, text.len, &why);
  int32_t code = ZG_OK;
  if (!config) return why.rule ? wrong(fault, "", why.rule) : no_memory(fault);
  if (config->kind != JSON_OBJECT) code = wrong(fault, "", "the settings must be an object");
  for (const struct json *member = config->first; code == ZG_OK && member; member = member->next)
    code = read_member(self, member, fault);
  json_free(config);
  if (code == ZG_OK && !self->path) code = wrong(fault, "/path", "must be given");
  return code;
}

static void destroy(ZgInstance *self) {
  if (!self) return;
  for (size_t at = 0; at < self->keys; at++) free(self->key[at]);
  free(self->path); free(self->name);
  free(self);
}

static int32_t create(void *ctx, ZgStr component, ZgStr config, const ZgHost *host, ZgInstance **out, ZgError *error) {
  struct fault fault;
  (void)ctx;
  if (component.len != strlen("journal") || memcmp(component.ptr, "journal", component.len) != 0) {
    wrong(&fault, "", "the one component of this plugin is `journal`");
    return fault_give(&fault, error);
  }
  ZgInstance *self = calloc(1, sizeof *self);
  if (!self) { no_memory(&fault); return fault_give(&fault, error); }
  self->host = host; self->batch_rows = BATCH_ROWS;
  atomic_init(&self->stop, 0);
  if (configure(self, config, &fault) != ZG_OK) { destroy(self); return fault_give(&fault, error); }
  *out = self;
  return ZG_OK;
}

static void cancel(ZgInstance *self) { atomic_store(&self->stop, 1); }

/* ---- the stream that there is */
static const char *stream_name(const ZgInstance *self) { return self->name ? self->name : "journal"; }

/* Opens the file and looks whether the key of the configuration is there. */
static int32_t open_journal(ZgInstance *self, struct journal *journal, struct fault *fault) {
  if (journal_open(journal, self->path, fault) != ZG_OK) return fault->code;
  for (size_t at = 0; at < self->keys; at++) {
    if (journal_column(journal, self->key[at]) >= 0) continue;
    fault_set(fault, ZG_E_CONFIG, "journal-no-column", "/key", "the journal has no such column");
    fault_arg(fault, "column", self->key[at]);
    journal_close(journal);
    return fault->code;
  }
  return ZG_OK;
}

static int32_t check(ZgInstance *self, ZgBuf *report, ZgError *error) {
  struct journal journal;
  struct fault fault;
  struct text out = {0};
  if (open_journal(self, &journal, &fault) != ZG_OK) return fault_give(&fault, error);
  text_put(&out, "{\"ok\":true,\"columns\":");
  text_int(&out, (int64_t)journal.count);
  text_put(&out, ",\"bytes\":");
  text_int(&out, journal.size);
  text_put(&out, "}");
  journal_close(&journal);
  return give_text(report, &out, &fault) == ZG_OK ? ZG_OK : fault_give(&fault, error);
}

static int32_t discover(ZgInstance *self, ZgStr request, ZgBuf *catalog, ZgError *error) {
  struct journal journal;
  struct fault fault;
  struct text out = {0};
  (void)request;
  if (open_journal(self, &journal, &fault) != ZG_OK) return fault_give(&fault, error);
  text_put(&out, "{\"streams\":[{\"name\":");
  text_json(&out, stream_name(self), strlen(stream_name(self)));
  text_put(&out, ",\"incremental\":true,\"key\":[");
  for (size_t at = 0; at < self->keys; at++) {
    if (at > 0) text_put(&out, ",");
    text_json(&out, self->key[at], strlen(self->key[at]));
  }
  text_put(&out, "],\"fields\":[");
  for (size_t at = 0; at < journal.count; at++) {
    text_put(&out, at > 0 ? ",{\"name\":" : "{\"name\":");
    text_json(&out, journal.names[at], strlen(journal.names[at]));
    text_put(&out, ",\"type\":\"text\"}");
  }
  text_put(&out, "]}]}");
  journal_close(&journal);
  return give_text(catalog, &out, &fault) == ZG_OK ? ZG_OK : fault_give(&fault, error);
}

/* Refuses a stream that is not the one that discover() named. No name means that one. */
static int32_t check_stream(const ZgInstance *self, const struct json *stream, struct fault *fault) {
  const struct json *name = json_get(stream, "name");
  if (!name || (json_is_text(name) && strcmp(name->text, stream_name(self)) == 0)) return ZG_OK;
  fault_set(fault, ZG_E_CONFIG, "journal-no-stream", "/stream/name", "there is no such stream");
  fault_arg(fault, "stream", json_is_text(name) ? name->text : "?");
  fault_arg(fault, "known", stream_name(self));
  return fault->code;
}

static struct json *parse_request(ZgStr request, struct fault *fault) {
  struct json_fault why;
  struct json *parsed = json_parse(request.ptr, request.len, &why);
  if (!parsed && why.rule) wrong(fault, "", why.rule);
  else if (!parsed) no_memory(fault);
  return parsed;
}

static int32_t schema(ZgInstance *self, ZgStr stream, struct ArrowSchema *out, ZgError *error) {
  struct journal journal;
  struct fault fault;
  struct json *asked = parse_request(stream, &fault);
  if (!asked) return fault_give(&fault, error);
  int32_t code = check_stream(self, asked, &fault);
  json_free(asked);
  if (code == ZG_OK) code = open_journal(self, &journal, &fault);
  if (code != ZG_OK) return fault_give(&fault, error);
  bool made = columns_schema(journal.names, journal.count, out);
  journal_close(&journal);
  if (made) return ZG_OK;
  no_memory(&fault);
  return fault_give(&fault, error);
}

/* ---- a read */
struct reading {
  ZgInstance *self;
  struct journal journal;
  struct fault fault;                    /* of the last step that failed */
  int32_t broken;                        /* a bad line was met: the class of the error that is due */
  bool ended;
};

/* The errno of Arrow for a class: what a consumer sees that knows nothing of zhengai. */
static int errno_of(int32_t code) {
  switch (code) {
    case ZG_E_CANCELLED: return ECANCELED;
    case ZG_E_AUTH: return EACCES;
    case ZG_E_CONFIG: case ZG_E_DATA: return EINVAL;
    default: return EIO;
  }
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
  struct reading *reading = stream->private_data;
  if (columns_schema(reading->journal.names, reading->journal.count, out)) return 0;
  no_memory(&reading->fault);
  return ENOMEM;
}

/* Lines into columns until the batch is full, the journal ends, or something is wrong. */
static int32_t fill(struct reading *reading, struct columns *columns) {
  ZgInstance *self = reading->self;
  struct journal *journal = &reading->journal;
  for (int64_t turn = 0; columns_rows(columns) < (size_t)self->batch_rows && columns_bytes(columns) < BATCH_BYTES; turn++) {
    if (turn % POLL_ROWS == 0 && stopped(self))
      return fault_set(&reading->fault, ZG_E_CANCELLED, "journal-cancelled", "", "stopped as asked");
    struct cursor before = journal->at;
    enum line line = journal_next(journal, &reading->fault);
    if (line == LINE_END) { reading->ended = true; return ZG_OK; }
    if (line == LINE_FAILED) return reading->fault.code;
    if (line == LINE_BAD && self->skip_bad_lines) { log_warning(self, &reading->fault); continue; }
    if (line == LINE_BAD) {
      /* What stands before the bad line is a batch of its own; the error comes with the next one. */
      journal->at = before;
      reading->broken = reading->fault.code;
      return columns_rows(columns) > 0 ? ZG_OK : reading->broken;
    }
    if (!columns_add(columns, journal->cell, journal->length)) return no_memory(&reading->fault);
  }
  return ZG_OK;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
  struct reading *reading = stream->private_data;
  memset(out, 0, sizeof *out);
  if (reading->ended) return 0;
  if (reading->broken != ZG_OK) { reading->ended = true; return errno_of(reading->broken); }
  struct cursor before = reading->journal.at;
  struct columns *columns = columns_new(reading->journal.count);
  int32_t code = columns ? fill(reading, columns) : no_memory(&reading->fault);
  if (code != ZG_OK) {
    /* Rows that are not given are not covered: the cursor goes back to where the last batch ended. */
    columns_free(columns);
    reading->journal.at = before;
    reading->ended = true;
    return errno_of(code);
  }
  const ZgHost *host = reading->self->host;
  if (host && ZG_HAS(host, ZgHost, progress))
    host->progress(host->ctx, str(stream_name(reading->self)), (uint64_t)reading->journal.at.offset,
                   (uint64_t)reading->journal.size, str("byte"));
  if (columns_rows(columns) == 0) columns_free(columns);
  else columns_finish(columns, out);
  return 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
  struct reading *reading = stream->private_data;
  return reading->fault.text;
}

static void release(struct ArrowArrayStream *stream) {
  struct reading *reading = stream->private_data;
  journal_close(&reading->journal);
  free(reading);
  stream->private_data = NULL; stream->release = NULL;
}

/* The cursor is the plugin's own; the host keeps it as it is and hands it back. The fingerprint is text, because not
   every JSON reader holds 64 bits of a number. */
static int32_t state(ZgReader *reader, ZgBuf *out) {
  static const char hex[] = "0123456789abcdef";
  struct reading *reading = reader->stream.private_data;
  const struct cursor *at = &reading->journal.at;
  struct text json = {0};
  char head[17] = {0};
  for (int digit = 0; digit < 16; digit++) head[digit] = hex[at->head >> (60 - 4 * digit) & 15];
  text_put(&json, "{\"offset\":");
  text_int(&json, at->offset);
  text_put(&json, ",\"line\":");
  text_int(&json, at->line);
  text_put(&json, ",\"head\":\"");
  text_put(&json, head);
  text_put(&json, "\"}");
  return give_text(out, &json, &reading->fault);
}

static int32_t error_of(ZgReader *reader, ZgError *error) {
  struct reading *reading = reader->stream.private_data;
  if (!reading->fault.key) return ZG_E_UNSUPPORTED;
  fault_give(&reading->fault, error);
  return ZG_OK;
}

static bool whole_from(const struct json *value, int64_t least, int64_t *out) {
  if (!value || !value->is_whole || value->whole < least) return false;
  *out = value->whole;
  return true;
}

static bool hex_from(const struct json *value, uint64_t *out) {
  *out = 0;
  if (!json_is_text(value) || value->length != 16) return false;
  for (size_t at = 0; at < 16; at++) {
    char c = value->text[at];
    if (c >= '0' && c <= '9') *out = *out << 4 | (uint64_t)(c - '0');
    else if (c >= 'a' && c <= 'f') *out = *out << 4 | (uint64_t)(c - 'a' + 10);
    else return false;
  }
  return true;
}

static int32_t resume(struct journal *journal, const struct json *from, struct fault *fault) {
  struct cursor cursor;
  if (!from || from->kind == JSON_NULL) return ZG_OK;
  if (!whole_from(json_get(from, "offset"), 1, &cursor.offset)) return wrong(fault, "/state/offset", "must be a whole number above 0");
  if (!whole_from(json_get(from, "line"), 1, &cursor.line)) return wrong(fault, "/state/line", "must be a whole number above 0");
  if (!hex_from(json_get(from, "head"), &cursor.head)) return wrong(fault, "/state/head", "must be 16 hexadecimal digits");
  return journal_resume(journal, &cursor, fault);
}

static int32_t read_rows(ZgInstance *self, ZgStr request, ZgReader *out, ZgError *error) {
  struct fault fault;
  struct json *asked = parse_request(request, &fault);
  if (!asked) return fault_give(&fault, error);
  struct reading *reading = calloc(1, sizeof *reading);
  int32_t code = reading ? check_stream(self, json_get(asked, "stream"), &fault) : no_memory(&fault);
  if (code == ZG_OK) code = open_journal(self, &reading->journal, &fault);
  if (code == ZG_OK && (code = resume(&reading->journal, json_get(asked, "state"), &fault)) != ZG_OK) journal_close(&reading->journal);
  json_free(asked);
  if (code != ZG_OK) { free(reading); return fault_give(&fault, error); }
  reading->self = self;
  out->stream.get_schema = get_schema; out->stream.get_next = get_next; out->stream.get_last_error = get_last_error;
  out->stream.release = release; out->stream.private_data = reading;
  out->struct_size = sizeof *out; out->state = state; out->error = error_of;
  return ZG_OK;
}

/* ---- the table */
static int32_t describe(void *ctx, ZgBuf *json, ZgError *error) {
  (void)ctx; (void)error;
  /* A constant needs no freeing: no release. */
  json->ptr = (const uint8_t *)DESCRIPTION; json->len = sizeof DESCRIPTION - 1; json->owner = NULL; json->release = NULL;
  return ZG_OK;
}

int32_t zg_plugin_open(uint32_t host_abi, const ZgHost *host, ZgPlugin *out, ZgError *error) {
  struct fault fault;
  (void)host;
  if (host_abi >> 16 != ZG_ABI_MAJOR || out->struct_size < sizeof *out) {
    fault_set(&fault, ZG_E_ABI, "journal-abi", "", "this plugin speaks version 1 of the interface");
    return fault_give(&fault, error);
  }
  memset(out, 0, sizeof *out);
  out->struct_size = sizeof *out; out->abi = ZG_ABI;
  out->describe = describe; out->create = create; out->destroy = destroy; out->cancel = cancel;
  out->check = check; out->discover = discover; out->schema = schema; out->read = read_rows;
  return ZG_OK;
}
