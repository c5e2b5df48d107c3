"""What tidy checks. Each rule is a function over one Source and gives (line, rule, what to change)."""
import os
import re

from lexer import Reader, blank

HEADER_LINES_MAX, SOURCE_LINES_MAX, FUNCTION_LINES_MAX = 300, 500, 60
SHORT_SOURCE_LINES_MAX, SHORT_SOURCES = 300, ('gateway/care/',)  # folders of which every source is short
BANNED_WORDS = {'util', 'utils', 'utility', 'common', 'shared', 'core', 'helper', 'helpers', 'manager', 'misc'}
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Source:
    def __init__(self, path, text):
        self.path = path.replace(os.sep, '/')
        self.text = text
        self.lines = text.split('\n')
        self.code = blank(text)
        self.reader = Reader(self.code)
        self.is_header = self.path.endswith('.h')
        self.is_gateway = self.path.startswith('gateway/')
        parts = self.path.split('/')
        self.folder = parts[1] if len(parts) > 2 else ''
        self.room = '/'.join(parts[1:3]) if len(parts) > 3 else ''
        self.includes = []  # (line, is_quoted, name)
        for number, line in enumerate(self.lines, 1):
            found = INCLUDE.match(line)
            if found:
                self.includes.append((number, found.group(1) == '"', found.group(2)))


def layers(source, allowed):
    if not source.is_gateway or source.folder not in allowed:
        return
    for line, is_quoted, name in source.includes:
        target = name.split('/')[1] if name.startswith('gateway/') and name.count('/') > 1 else None
        if target and target != source.folder and target not in allowed[source.folder]:
            yield line, 'layers', f'{source.folder} may not include {target}: see gateway/LAYERS, or move what you need down'
        if is_quoted and not name.startswith('gateway/'):
            yield line, 'layers', f'write the path from the root, "gateway/{source.folder}/...", not "{name}"'


def rooms(source, allowed):
    """Inside a folder: a room includes only itself, the rooms before it, and, if it may, headers outside of rooms."""
    if not source.is_gateway or source.room not in allowed:
        return
    for line, _, name in source.includes:
        parts = name.split('/')
        if '/'.join(parts[:2]) != 'gateway/' + source.folder:
            continue
        target = parts[2] if len(parts) > 3 else ''
        if target not in allowed[source.room]:
            target = '/'.join(parts[1:]) if target == '' else source.folder + '/' + target
            yield line, 'layers', f'{source.room} may not include {target}: see gateway/LAYERS, or move what you need down'


def heavy_headers(source, homes):
    if not source.is_gateway:
        return
    for line, _, name in source.includes:
        prefix = max((p for p in homes if name.startswith(p)), key=len, default=None)
        if prefix is None or '*' in homes[prefix]:
            continue
        if source.is_header and source.path not in homes[prefix]:
            yield line, 'heavy-header', f'<{name}> is heavy and belongs into a .cpp only: forward-declare, or hide it behind a pointer'
        elif not source.is_header and not any(source.path == home or source.path.startswith(home.rstrip('/') + '/') for home in homes[prefix]):
            yield line, 'heavy-header', f'<{name}> has its home in {", ".join(homes[prefix])}: use what that home offers'


def sizes(source):
    of_sources = SHORT_SOURCE_LINES_MAX if source.path.startswith(SHORT_SOURCES) else SOURCE_LINES_MAX
    limit = HEADER_LINES_MAX if source.is_header else of_sources
    count = len(source.lines) - (source.lines[-1] == '')
    if count > limit:
        yield 1, 'size', f'{count} lines, at most {limit}: split the file by idea'
    for line, length in source.reader.functions:
        if length > FUNCTION_LINES_MAX:
            yield line, 'size', f'a function of {length} lines, at most {FUNCTION_LINES_MAX}: give its branches names'


def names(source):
    for part in source.path.split('/'):
        for word in re.split(r'[_\-.]', part):
            if word in BANNED_WORDS:
                yield 1, 'name', f'nothing is called "{word}": name {part} after what it does'


def words(source, table):
    """What the house calls otherwise: as an identifier, or as a file's name."""
    where = re.sub(r'^(gateway|tests)/(system/)?', '', source.path)
    stem = re.sub(r'(_test)?\.\w+$', '', source.path.split('/')[-1])
    instead = {word: better for word, better, folder in table if where.startswith(folder)}
    if stem in instead:
        yield 1, 'word', f'no file is called "{stem}": call it {instead[stem]}'
    if not instead:
        return
    if not any(name.rstrip('_') in instead for name in set(re.findall(r'[A-Za-z_]\w*', source.code))):
        return
    for number, line in enumerate(source.code.split('\n'), 1):
        for name in re.findall(r'[A-Za-z_]\w*', line):
            if name.rstrip('_') in instead:
                yield number, 'word', f'nothing is called "{name}" here: the field says {instead[name.rstrip("_")]}'


QUOTED = re.compile(r'"[^"]*"|`[^`]*`')


def comment_words(source, prose):
    """Words of before in comments, in the folders whose comments were read; what is quoted passes."""
    if not source.path.startswith(prose.rooms) or source.path.startswith(prose.but):
        return
    for number, (line, code) in enumerate(zip(source.lines, source.code.split('\n')), 1):
        if line == code or not prose.any.search(line):
            continue
        comment = QUOTED.sub('', ''.join(c if blank == ' ' else ' ' for c, blank in zip(line, code)))
        for word, better in prose.words:
            found = word.search(comment)
            if found:
                yield number, 'comment', f'no comment says "{found.group(0)}": write {better}'


class Prose:
    """What comment_words.tsv says: folders that are read, files in them that are not, (word, what to write instead)."""

    def __init__(self, lines):
        rows = [line.rstrip('\n').split('\t') for line in lines if '\t' in line and not line.startswith('#')]
        self.rooms = tuple(room + '/' for key, names in rows if key == 'rooms' for room in names.split())
        self.but = tuple(name for key, names in rows if key == 'but' for name in names.split())
        words = [(key, better) for key, better in rows if key not in ('rooms', 'but')]
        self.words = [(re.compile(rf'\b({key})\b', re.IGNORECASE), better) for key, better in words]
        self.any = re.compile('|'.join(rf'\b(?:{key})\b' for key, _ in words) or '(?!)', re.IGNORECASE)


def unused_prose(sources, prose, table='tests/tidy/comment_words.tsv'):
    """Over all sources: what the table of comment words names is there."""
    for name in prose.rooms + prose.but:
        if not any(s.path.startswith(name) for s in sources):
            yield table, 1, 'comment', f'nothing is called {name}: take it out of the table'


def pragma_once(source):
    first = next((line.strip() for line in source.code.split('\n') if line.strip()), '')
    if source.is_header and first != '#pragma once':
        yield 1, 'pragma-once', 'a header begins with #pragma once'


def group_of(source, is_quoted, name):
    """0 own header, 1 ours, 2 libraries, 3 standard library."""
    if not is_quoted:
        return 3 if '/' not in name and not name.endswith('.h') else 2
    stem = re.sub(r'(_test)?\.cpp$', '', source.path)
    own = re.sub(r'\.h$', '', name)
    own_paths = {stem, re.sub(r'^tests/(system/)?', 'gateway/', stem)}
    return 0 if not source.is_header and own in own_paths else 1


def include_order(source):
    last_group, last_name, last_line = -1, '', 0
    for line, is_quoted, name in source.includes:
        group = group_of(source, is_quoted, name)
        between = source.lines[last_line:line - 1]
        if any(text.strip() for text in between) and last_line:
            last_group, last_name = -1, ''  # code or a directive stands between: another block
        elif group < last_group:
            yield line, 'include-order', 'own header, gateway headers, libraries, standard library, in this order'
        elif group == last_group and name < last_name:
            yield line, 'include-order', f'sort the group: {name} stands before {last_name}'
        elif group == last_group and between:
            yield line, 'include-order', 'no blank line inside a group'
        elif group > last_group >= 0 and len(between) != 1:
            yield line, 'include-order', 'one blank line between groups'
        last_group, last_name, last_line = group, name, line


def without_control_head(text):
    """`if (a > Instant{0}) co_await b();` waits in `co_await b();` only: the condition is over by then."""
    head = re.match(r'\s*(if|while|switch|for)\s*(constexpr\s*)?\(', text)
    if not head:
        return text
    depth, at = 1, head.end()
    while at < len(text) and depth:
        depth += (text[at] == '(') - (text[at] == ')')
        at += 1
    return text if 'co_await' in text[:at] else without_control_head(text[at:])


def awaiting_statements(source):
    for line, whole in source.reader.statements:
        text = without_control_head(whole)
        awaits = len(re.findall(r'\bco_await\b', text))
        if awaits == 0:
            continue
        plain = text.replace('::', '')
        if '{' in plain:
            is_closure = re.search(r'\][^\[\]]*\{\}', plain)
            what = 'a closure' if is_closure else 'a brace list'
            yield line, 'await', f'{what} in a statement that awaits is destroyed twice by g++ 12: name it in a statement before'
        if re.search(r'\?[^?]*:', plain):
            yield line, 'await', '?: in a statement that awaits is destroyed twice by g++ 12: write if and else'
        if awaits > 1:
            yield line, 'await', 'two awaits in one statement: name the first result'


def awaiting_closures(source):
    for line, captures, body in source.reader.closures:
        if captures and source.is_gateway and re.search(r'\bco_(await|return|yield)\b', body):
            yield line, 'await', 'a coroutine is a named function: what a closure captures may be gone when it goes on'


LOG_CALL = re.compile(r'\blog::(info|warning|error|line)\s*\(')
FACT_NAME = re.compile(r'\{\s*"([^"]*)"\s*,')


def log_keys(source):
    """A line of the log is a JSON object: the names of its facts differ from each other and from what each line has."""
    if not source.is_gateway:
        return
    for call in LOG_CALL.finditer(source.code):
        depth, end = 1, call.end()
        while end < len(source.code) and depth:
            depth += (source.code[end] == '(') - (source.code[end] == ')')
            end += 1
        taken = {'at', 'level', 'event'}
        for fact in FACT_NAME.finditer(source.text, call.end(), end):
            line = source.text.count('\n', 0, fact.start()) + 1
            if fact.group(1) in taken:
                yield line, 'log-key', f'the line has a "{fact.group(1)}" already: call the fact something else'
            if not re.fullmatch(r'[a-z][a-z0-9_]*', fact.group(1)):
                yield line, 'log-key', f'"{fact.group(1)}" is a name of a fact: write small letters and underscores'
            taken.add(fact.group(1))


FORBIDDEN = (
    (r'\bdetached\b', 'detached', 'every task has a parent: Scope::spawn', lambda s: True),
    (r'\b(steady_clock|system_clock|high_resolution_clock)::now\b', 'clock', 'time comes from Clock (base/clock.h)',
     lambda s: not s.path.startswith(('gateway/base/', 'tests/bench/', 'tests/system/', 'tests/play/'))),
    (r'\b(secure_)?getenv\s*\(', 'getenv', 'the environment is read in gateway/app only: pass the value down',
     lambda s: s.is_gateway and not s.path.startswith('gateway/app/')),
    (r'\b(sleep_for|usleep|nanosleep)\s*\(|this_thread::sleep_until|(?<![\w.>:])sleep\s*\(', 'sleep', 'no real time: wait on a Clock',
     lambda s: not s.path.startswith(('tests/bench/', 'tests/play/', 'tests/system/app/'))),  # real processes are waited for
    (r'\bDISABLED_', 'leftover', 'a test runs or does not exist', lambda s: True),
)
LEFTOVER = re.compile(r'\b(TODO|FIXME|XXX|NOLINT\w*)\b')


def forbidden(source):
    for number, line in enumerate(source.code.split('\n'), 1):
        for pattern, rule, advice, counts in FORBIDDEN:
            if counts(source) and re.search(pattern, line):
                yield number, rule, advice
    for number, line in enumerate(source.lines, 1):
        word = LEFTOVER.search(line)
        if word:
            yield number, 'leftover', f'{word.group(1)} is a promise to nobody: do it, or file an issue'


def unused_homes(sources, homes, table='tests/tidy/heavy_headers.txt'):
    """Over all sources: what the table of heavy headers grants is used."""
    for prefix, places in homes.items():
        using = [s for s in sources if s.is_gateway and any(name.startswith(prefix) for _, _, name in s.includes)]
        if not using:
            yield table, 1, 'heavy-header', f'nothing includes <{prefix}...>: take its line away'
        for place in places:
            if using and place != '*' and not any(s.path == place or s.path.startswith(place.rstrip('/') + '/') for s in using):
                yield table, 1, 'heavy-header', f'nothing in {place} includes <{prefix}...>: take that home away'


LIMIT = re.compile(r'inline constexpr [\w:<> ]+? (\w+)\s*[={]')
LIMITS_HEADER = 'gateway/base/limits.h'


def limits(sources):
    """Over all sources: each limit of the header is applied somewhere, and some test names it."""
    used = {True: set(), False: set()}  # by is_gateway
    for source in sources:
        used[source.is_gateway].update(re.findall(r'\blimits::(\w+)', source.code))
    for source in sources:
        if source.path != LIMITS_HEADER:
            continue
        for number, line in enumerate(source.code.split('\n'), 1):
            for name in LIMIT.findall(line):
                if name not in used[True]:
                    yield source.path, number, 'limit', f'nothing applies {name}: apply it or delete it'
                if name not in used[False]:
                    yield source.path, number, 'limit', f'no test names limits::{name}: write one that reaches it, on both sides'


# Compiled, but nothing of ours is in them; or, the last one, no more than the command line that tests/system/app tries whole.
UNTESTED = {'gateway/base/asio.cpp': 'Boost.Asio itself is compiled there', 'gateway/net/asio_ssl.cpp': 'Boost.Asio itself is compiled there',
            'gateway/app/main.cpp': 'each command of it is run by tests/system/app'}
TESTED_BY = re.compile(r'^// Tested by (.*)\.$', re.MULTILINE)


def tested(sources, untested=UNTESTED):
    """Over all sources: a file of code has a test of its name in its folder's tests, or it or its header names the tests that hold it."""
    by_path = {source.path: source for source in sources}
    own = {(re.sub(r'^tests/(system/)?', '', path).split('/')[0], path.split('/')[-1]) for path in by_path if path.startswith('tests/')}
    for path, source in by_path.items():
        if not source.is_gateway:
            continue
        names = [name for line in TESTED_BY.findall(source.text) for name in re.split(r', | and ', line)]
        for name in names:
            if name not in by_path or not name.startswith('tests/') or not name.endswith('_test.cpp'):
                yield path, 1, 'tested', f'there is no test {name}: name the one that would fail if this broke'
        if source.is_header or path in untested:
            continue
        header = by_path.get(path[:-len('.cpp')] + '.h')
        stem = path.split('/')[-1][:-len('.cpp')]
        if not names and (source.folder, stem + '_test.cpp') not in own and not (header and TESTED_BY.search(header.text)):
            yield path, 1, 'tested', f'no test is called {stem}_test.cpp: write it, or say "// Tested by tests/.." in its header'
    for path in untested:
        if path not in by_path:
            yield 'tests/tidy/rules.py', 1, 'tested', f'nothing is called {path}: take it out of UNTESTED'


def check(source, allowed, homes, table=(), prose=None):
    found = list(words(source, table)) + (list(comment_words(source, prose)) if prose else [])
    found += list(layers(source, allowed)) + list(rooms(source, allowed)) + list(heavy_headers(source, homes))
    for rule in (sizes, names, pragma_once, include_order, awaiting_statements, awaiting_closures, log_keys, forbidden):
        found += rule(source)
    return sorted(set(found))
