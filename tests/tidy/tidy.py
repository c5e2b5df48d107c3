#!/usr/bin/env python3
"""Checks what style.md and gateway/LAYERS promise: file:line: rule: what to change. Exit code 1 when something was found.

usage: tidy.py [ROOT] [FILE...]          all C++ of gateway/ and tests/, or only these files
       tidy.py --mend-includes ROOT FILE...   puts the includes of these files into their order
"""
import os
import sys

from rules import INCLUDE, Prose, Source, check, group_of, limits, tested, unused_homes, unused_prose


def read_layers(root):
    """Folders by what they may include, and `folder/room` by the rooms of the same folder that it may include; with '' among them
    if also headers outside of rooms."""
    allowed = {}
    for line in open(os.path.join(root, 'gateway/LAYERS'), encoding='utf-8'):
        words = line.split('#')[0].split()
        if words and words[0] in ('rooms', 'floors'):
            for number, room in enumerate(words[2:], 2):
                allowed[words[1] + '/' + room] = set(words[2:number + 1]) | ({''} if words[0] == 'rooms' else set())
        elif words:
            allowed[words[1]] = set(words[2:]) | {'base'}
    return allowed


def read_homes(folder):
    homes = {}
    for line in open(os.path.join(folder, 'heavy_headers.txt'), encoding='utf-8'):
        words = line.split('#')[0].split()
        if words:
            homes[words[0]] = words[1:]
    return homes


def read_words(folder):
    """(word, what to write instead, folder of gateway/ in which it counts or '')."""
    words = []
    for line in open(os.path.join(folder, 'words.tsv'), encoding='utf-8'):
        parts = line.rstrip('\n').split('\t')
        if len(parts) > 1 and not line.startswith('#'):
            words.append((parts[0], parts[1], parts[2] if len(parts) > 2 else ''))
    return words


def sources(root):
    for top in ('gateway', 'tests'):
        for folder, folders, files in os.walk(os.path.join(root, top)):
            folders.sort()
            for name in sorted(files):
                if name.endswith(('.h', '.cpp')):
                    yield os.path.relpath(os.path.join(folder, name), root)


def load(root, path):
    with open(os.path.join(root, path), encoding='utf-8') as file:
        return Source(path, file.read())


def mend_includes(root, path):
    """Orders the first unbroken block of includes; what stands between directives is left to its author."""
    source = load(root, path)
    if not source.includes:
        return
    first = source.includes[0][0] - 1
    last = first
    while last < len(source.lines) and (INCLUDE.match(source.lines[last]) or not source.lines[last].strip()):
        last += 1
    groups = [[], [], [], []]
    for line, is_quoted, name in source.includes:
        if first <= line - 1 < last:
            groups[group_of(source, is_quoted, name)].append((name, source.lines[line - 1]))
    block = '\n\n'.join('\n'.join(text for _, text in sorted(set(group))) for group in groups if group)
    mended = '\n'.join(source.lines[:first] + [block, ''] + source.lines[last:])
    if mended != source.text:
        with open(os.path.join(root, path), 'w', encoding='utf-8') as file:
            file.write(mended)


def main(arguments):
    here = os.path.dirname(os.path.abspath(__file__))
    if arguments[:1] == ['--mend-includes']:
        for path in arguments[2:]:
            mend_includes(arguments[1], path)
        return 0
    root = arguments[0] if arguments else os.path.dirname(os.path.dirname(here))
    allowed, homes, words = read_layers(root), read_homes(here), read_words(here)
    prose = Prose(open(os.path.join(here, 'comment_words.tsv'), encoding='utf-8'))
    loaded = [load(root, path) for path in arguments[1:] or sources(root)]
    found = [(source.path, *each) for source in loaded for each in check(source, allowed, homes, words, prose)]
    if not arguments[1:]:
        found += list(limits(loaded)) + list(tested(loaded)) + list(unused_homes(loaded, homes)) + list(unused_prose(loaded, prose))
    for path, line, rule, advice in found:
        print(f'{path}:{line}: {rule}: {advice}')
    count = len(found)
    print(f'tidy: {count} findings' if count else 'tidy: nothing found', file=sys.stderr)
    return 1 if count else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
