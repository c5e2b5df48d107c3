"""Takes C++ apart as far as tidy's rules need it: text without comments and strings, statements, functions, closures."""
import re

CLOSURE_HEAD = re.compile(r'\[[^\[\]]*\]\s*(\([^{}]*\))?\s*(mutable|noexcept|constexpr)?\s*(->[^{}=]*)?$')
BLOCK_WORDS = re.compile(r'\b(else|do|try|const|noexcept|override|final|mutable)$')
TYPE_HEAD = re.compile(r'\b(namespace|class|struct|union|enum|extern)\b[^()=]*$')
FUNCTION_NEVER = re.compile(r'^\s*(if|for|while|switch|catch|do|else|return)\b')


def blank(text):
    """The same text, line by line and column by column, with comments as blanks and what strings hold as quotes."""
    out, i, n = [], 0, len(text)
    while i < n:
        c = text[i]
        if text.startswith('//', i):
            end = text.find('\n', i)
            end = n if end < 0 else end
            out.append(' ' * (end - i))
        elif text.startswith('/*', i):
            end = text.find('*/', i + 2)
            end = n if end < 0 else end + 2
            out.append(keep_lines(text[i:end], ' '))
        elif text.startswith('R"', i) and not (i and (text[i - 1].isalnum() or text[i - 1] == '_')):
            tag = re.match(r'R"([^ ()\\\t\n]{0,16})\(', text[i:i + 20])
            end = text.find(')' + tag.group(1) + '"', i) if tag else -1
            end = n if end < 0 else end + len(tag.group(1)) + 2
            out.append(keep_lines(text[i:end], '"'))
        elif c == "'" and i and text[i - 1].isalnum() and text[i + 1:i + 2].isalnum():
            end = i + 1
            out.append('_')
        elif c in '"\'':
            end = i + 1
            while end < n and text[end] != c and text[end] != '\n':
                end += 2 if text[end] == '\\' else 1
            end = min(n, end + 1)
            out.append(keep_lines(text[i:end], '"'))
        else:
            end = i + 1
            out.append(c)
        i = end
    return ''.join(out)


def keep_lines(text, filler):
    return ''.join('\n' if c == '\n' else filler for c in text)


def without_directives(code):
    """The same lines with preprocessor directives left empty."""
    lines, goes_on = [], False
    for line in code.split('\n'):
        is_directive = goes_on or line.lstrip().startswith('#')
        goes_on = is_directive and line.rstrip().endswith('\\')
        lines.append('' if is_directive else line)
    return '\n'.join(lines)


class Reader:
    """Walks the code once. After it: statements [(line, text)], functions [(line, lines)], closures [(line, captures, body)]."""

    def __init__(self, code):
        self.statements, self.functions, self.closures = [], [], []
        self.text, self.start, self.depth, self.line = '', 1, 0, 1
        self.stack = []
        self.code = without_directives(code)
        for self.at, c in enumerate(self.code):
            self.step(c)
            self.line += c == '\n'
        self.flush()

    def step(self, c):
        if not self.text.strip():
            self.start = self.line
        if c == '{':
            self.open_brace()
        elif c == '}':
            self.close_brace()
        elif c == ';' and self.depth == 0:
            self.flush()
        else:
            self.depth += (c == '(') - (c == ')' and self.depth > 0)
            self.text += c

    def flush(self):
        if self.text.strip():
            self.statements.append((self.start, self.text))
        self.text = ''

    def open_brace(self):
        head = self.text.strip()
        closure = CLOSURE_HEAD.search(head)
        in_function = any(frame['kind'] in ('function', 'closure') for frame in self.stack)
        frame = {'line': self.line, 'at': self.at, 'text': self.text + '{', 'start': self.start, 'depth': self.depth, 'head': head}
        if closure and not head.endswith('operator[]'):
            frame['kind'], frame['captures'] = 'closure', closure.group(0)[1:].split(']')[0].strip()
        elif self.depth == 0 and TYPE_HEAD.search(head):
            frame['kind'] = 'type'
        elif self.is_block(head):
            is_function = not in_function and ')' in head and not FUNCTION_NEVER.search(head)
            frame['kind'] = 'function' if is_function else 'block'
        else:
            frame['kind'] = 'list'
        self.stack.append(frame)
        if frame['kind'] == 'list':
            self.text += '{'
            return
        if frame['kind'] != 'closure':
            self.flush()
        self.text, self.depth = '', 0

    def is_block(self, head):
        if self.depth > 0:
            return False
        if not head or head[-1] in ');:}' or BLOCK_WORDS.search(head):
            return True
        return bool(re.search(r'\)\s*(const|noexcept|override|final|\s)*->[^=;]*$', head))

    def close_brace(self):
        if not self.stack:
            return
        frame = self.stack.pop()
        if frame['kind'] == 'list':
            self.text += '}'
            return
        self.flush()
        if frame['kind'] == 'function':
            self.functions.append((frame['line'], self.line - frame['line'] + 1))
        self.depth = frame['depth'] if frame['kind'] == 'closure' else 0
        if frame['kind'] == 'closure':
            self.closures.append((frame['line'], frame['captures'], self.code[frame['at']:self.at]))
            self.text, self.start = frame['text'] + '}', frame['start']
