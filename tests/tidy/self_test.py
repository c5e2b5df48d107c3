#!/usr/bin/env python3
"""Proves that each rule of tidy fires where it should and is silent where it should."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rules import Prose, Source, check, limits, tested, unused_homes, unused_prose  # noqa: E402

ALLOWED = {'base': {'base'}, 'net': {'base'}, 'http': {'base', 'net'}, 'care': {'base'}, 'app': {'base', 'net', 'http'},
           'care/chain': {'chain', ''}, 'care/fold': {'chain', 'fold', ''}, 'net/tls': {'tls'}}
HOMES = {'boost/asio/': ['gateway/net', 'gateway/base/clock.cpp'], 'boost/asio/awaitable.hpp': ['*'], 'sqlite3.h': ['gateway/store/sqlite']}


def rules_of(path, text):
    return [rule for _, rule, _ in check(Source(path, text), ALLOWED, HOMES)]


def words_of(path, text):
    table = [('Desk', 'SubscriptionService', ''), ('stamp', 'meta', 'store'), ('bury', 'dead_letter', '')]
    return [rule for _, rule, _ in check(Source(path, text), ALLOWED, HOMES, table) if rule == 'word']


def lines_of(path, text):
    return [line for line, _, _ in check(Source(path, text), ALLOWED, HOMES)]


class Includes(unittest.TestCase):
    def test_an_arrow_that_layers_does_not_name_is_found_with_its_line(self):
        text = '#include "gateway/care/arende/fold.h"\n\n#include "gateway/http/server.h"\n'
        self.assertEqual(rules_of('gateway/care/arende/fold.cpp', text), ['layers'])
        self.assertEqual(lines_of('gateway/care/arende/fold.cpp', text), [3])

    def test_an_arrow_that_layers_names_is_not_found(self):
        self.assertEqual(rules_of('gateway/http/x.cpp', '#include "gateway/base/clock.h"\n#include "gateway/net/tcp.h"\n'), [])

    def test_an_arrow_between_rooms_points_down(self):
        self.assertEqual(rules_of('gateway/care/fold/x.cpp', '#include "gateway/care/chain/y.h"\n'), [])
        self.assertEqual(rules_of('gateway/care/fold/x.cpp', '#include "gateway/care/case.h"\n'), [])
        self.assertEqual(rules_of('gateway/care/chain/y.cpp', '#include "gateway/care/fold/x.h"\n'), ['layers'])

    def test_a_floor_includes_no_header_above_it(self):
        self.assertEqual(rules_of('gateway/net/tls/x.cpp', '#include "gateway/net/tls/y.h"\n'), [])
        self.assertEqual(rules_of('gateway/net/tls/x.cpp', '#include "gateway/net/tcp.h"\n'), ['layers'])

    def test_tests_may_include_what_they_like(self):
        self.assertEqual(rules_of('tests/care/x_test.cpp', '#include "gateway/http/server.h"\n'), [])

    def test_a_path_that_does_not_begin_at_the_root_is_found(self):
        self.assertEqual(rules_of('gateway/http/x.cpp', '#include "server.h"\n'), ['layers'])

    def test_a_heavy_header_is_found_outside_its_home_and_in_any_header(self):
        self.assertEqual(rules_of('gateway/care/x.cpp', '#include <sqlite3.h>\n'), ['heavy-header'])
        self.assertEqual(rules_of('gateway/http/x.cpp', '#include <boost/asio/post.hpp>\n'), ['heavy-header'])
        self.assertEqual(rules_of('gateway/net/x.h', '#pragma once\n#include <boost/asio/post.hpp>\n'), ['heavy-header'])

    def test_a_heavy_header_is_not_found_in_a_header_that_the_table_names(self):
        homes = {'boost/asio/': ['gateway/net/x.h']}
        found = check(Source('gateway/net/x.h', '#pragma once\n#include <boost/asio/post.hpp>\n'), ALLOWED, homes)
        self.assertEqual(found, [])

    def test_a_heavy_header_is_not_found_in_its_home(self):
        self.assertEqual(rules_of('gateway/net/x.cpp', '#include <boost/asio/post.hpp>\n'), [])
        self.assertEqual(rules_of('gateway/base/clock.cpp', '#include <boost/asio/post.hpp>\n'), [])
        self.assertEqual(rules_of('gateway/care/x.h', '#pragma once\n#include <boost/asio/awaitable.hpp>\n'), [])

    def test_a_home_that_nobody_uses_is_found(self):
        homes = {'sqlite3.h': ['gateway/store', 'gateway/care'], 'pugixml.hpp': ['gateway/net']}
        sources = [Source('gateway/store/x.cpp', '#include <sqlite3.h>\n')]
        found = [advice for *_, advice in unused_homes(sources, homes)]
        self.assertEqual(found, ['nothing in gateway/care includes <sqlite3.h...>: take that home away',
                                 'nothing includes <pugixml.hpp...>: take its line away'])

    def test_groups_are_ordered_sorted_and_apart(self):
        good = '#include "gateway/net/tcp.h"\n\n#include "gateway/base/clock.h"\n\n#include <boost/asio/post.hpp>\n\n#include <map>\n#include <string>\n'
        self.assertEqual(rules_of('gateway/net/tcp.cpp', good), [])
        for bad in ('#include <map>\n\n#include "gateway/base/clock.h"\n',
                    '#include <string>\n#include <map>\n',
                    '#include <map>\n\n#include <string>\n',
                    '#include "gateway/base/clock.h"\n#include <map>\n',
                    '#include <map>\n\n#include <sys/resource.h>\n',
                    '#include "gateway/base/clock.h"\n\n#include "gateway/net/tcp.h"\n'):
            self.assertEqual(rules_of('gateway/net/tcp.cpp', bad), ['include-order'], bad)

    def test_a_test_begins_with_the_header_it_tests(self):
        text = '#include "gateway/net/tcp.h"\n\n#include "gateway/base/clock.h"\n'
        self.assertEqual(rules_of('tests/net/tcp_test.cpp', text), [])
        self.assertEqual(rules_of('tests/system/net/tcp_test.cpp', text), [])


class Words(unittest.TestCase):
    def test_a_word_is_found_as_an_identifier_a_member_and_a_files_name(self):
        self.assertEqual(words_of('gateway/net/x.cpp', 'Desk a;\nint bury_;\n'), ['word', 'word'])
        self.assertEqual(words_of('tests/net/bury_test.cpp', 'int a;\n'), ['word'])

    def test_a_word_is_not_found_inside_another_in_a_text_or_outside_its_folder(self):
        self.assertEqual(words_of('gateway/net/x.cpp', 'int DeskTop;\nauto a = "Desk";\nint stamp;\n'), [])
        self.assertEqual(words_of('gateway/store/x.cpp', 'int stamp;\n'), ['word'])
        self.assertEqual(words_of('tests/system/store/x.cpp', 'int stamp;\n'), ['word'])


class CommentWords(unittest.TestCase):
    PROSE = Prose(['# told\tcomment\n', 'rooms\tgateway/care gateway/net\n', 'but\tgateway/care/old\n', 'told\tnotified\n',
                   'stands?|stood\tis\n', 'behind(?! a proxy)\tafter\n', 'passed over\tskipped\n'])

    def found(self, text, path='gateway/care/x.cpp'):
        return [(line, advice.split('"')[1]) for line, rule, advice in check(Source(path, text), ALLOWED, HOMES, (), self.PROSE)
                if rule == 'comment']

    def test_a_word_is_found_in_each_kind_of_comment_with_its_line(self):
        for text in ('// was told\n', '/// Told once.\n', '/* told */\n', 'int a;  ///< told\n', 'int a;  // b, told\n'):
            self.assertEqual([line for line, _ in self.found(text)], [1], text)
        self.assertEqual(self.found('int a;\n/* one\n   stood\n*/\n// It is passed over behind it.\n'),
                         [(3, 'stood'), (5, 'behind'), (5, 'passed over')])

    def test_what_is_quoted_code_or_part_of_a_word_is_not_found(self):
        for text in ('// the note "it was told"\n', '// `told` is a name\n', 'int told;\n', 'auto a = "told";\n', 'auto a = "// told";\n',
                     '// untold standing\n', '// behind a proxy\n', 'auto a = R"(// told)";  // ok\n'):
            self.assertEqual(self.found(text), [], text)

    def test_only_rooms_that_were_read_count(self):
        for path in ('gateway/http/x.cpp', 'gateway/care/old_x.h', 'gateway/careful/x.cpp', 'tests/care/x_test.cpp'):
            self.assertEqual(self.found('#pragma once\n// told\n', path), [], path)
        self.assertEqual(self.found('// told\n', 'gateway/net/deep/x.cpp'), [(1, 'told')])

    def test_a_room_or_a_file_that_is_not_there_is_found(self):
        care = Source('gateway/care/old_x.cpp', '')
        self.assertEqual([advice for _, _, _, advice in unused_prose([care], self.PROSE)],
                         ['nothing is called gateway/net/: take it out of the table'])


class Shape(unittest.TestCase):
    def test_sizes_are_kept(self):
        self.assertEqual(rules_of('gateway/net/x.h', '#pragma once\n' + '\n' * 300), ['size'])
        self.assertEqual(rules_of('gateway/net/x.h', '#pragma once\n' + '\n' * 299), [])
        self.assertEqual(rules_of('gateway/net/x.cpp', '\n' * 501), ['size'])
        body = 'int f() {\n' + '  g();\n' * 58
        self.assertEqual(rules_of('gateway/net/x.cpp', body + '}\n'), [])
        self.assertEqual(rules_of('gateway/net/x.cpp', body + '  g();\n}\n'), ['size'])

    def test_sources_of_care_are_short_in_all_its_rooms(self):
        for path in ('gateway/care/x.cpp', 'gateway/care/plan/x.cpp'):
            self.assertEqual(rules_of(path, '\n' * 301), ['size'], path)
            self.assertEqual(rules_of(path, '\n' * 300), [], path)
        self.assertEqual(rules_of('gateway/net/x.cpp', '\n' * 500), [])
        self.assertEqual(rules_of('tests/care/x_test.cpp', '\n' * 500), [])

    def test_a_long_class_is_no_long_function_but_its_member_is(self):
        long_class = 'class X {\n' + '  int a_;\n' * 80 + '};\n'
        self.assertEqual(rules_of('gateway/net/x.cpp', long_class), [])
        member = 'class X {\n  int f() const override {\n' + '    g();\n' * 60 + '  }\n};\n'
        self.assertEqual(lines_of('gateway/net/x.cpp', member), [2])

    def test_names_that_hide_what_a_thing_does_are_found(self):
        for path in ('gateway/net/util.cpp', 'gateway/net/tcp_helper.cpp', 'gateway/common/x.cpp', 'tests/net/connection_manager.cpp'):
            self.assertEqual(rules_of(path, ''), ['name'], path)
        self.assertEqual(rules_of('gateway/net/score.cpp', ''), [])

    def test_a_header_begins_with_pragma_once(self):
        self.assertEqual(rules_of('gateway/net/x.h', '#include <map>\n'), ['pragma-once'])
        self.assertEqual(rules_of('gateway/net/x.h', '// why\n\n#pragma once\n'), [])


class Awaiting(unittest.TestCase):
    def found(self, statement):
        return rules_of('gateway/net/x.cpp', 'Task<void> f() {\n  ' + statement + '\n}\n')

    def test_what_the_second_compiler_destroys_twice_is_found(self):
        for statement in ('co_await g({1, 2});', 'auto r = co_await g(Page{1}, 2);', 'auto r = co_await g(Page {1});',
                          'Page p{co_await g()};', 'co_await g([x] { return x; });', 'co_await g([](int i) { return i; }, 2);',
                          'auto r = co_await g(a ? b : c);', 'auto r = a ? co_await b() : co_await_c;',
                          'g(co_await a(), co_await b());', 'co_return co_await g(std::vector<int>{1});',
                          'if (co_await g({1})) h();', 'for (auto& x : co_await g({1})) h(x);'):
            self.assertEqual(self.found(statement), ['await'], statement)

    def test_what_is_safe_is_not_found(self):
        for statement in ('co_await g(a, b);', 'Page p{1}; co_await g(p);', 'auto f = [x] { return x; };\n  co_await g(f);',
                          'if (a) {\n co_await b();\n } else {\n co_await c();\n }', 'for (;;) { co_await g(); }',
                          'auto s = a ? b : c; co_await g(s);', 'switch (a) { case A::B: { co_await g(); } }',
                          'if (a > Instant{0}) co_await g();', 'while (a ? b : c) if (d({1})) co_await g();',
                          'co_await g("a ? b : c {}");', '// co_await g({1});', 'if (co_await g()) { h(); }',
                          'try { co_await g(); } catch (const E& e) { h({1}); }', 'do { co_await g(); } while (x);',
                          'std::vector<int> v = {1, 2}; co_await g(v);', 'co_await asio::this_coro::executor;', 'co_return X{1};'):
            self.assertEqual(self.found(statement), [], statement)

    def test_a_coroutine_that_captures_is_found(self):
        self.assertEqual(self.found('auto f = [x]() -> Task<void> { co_await g(x); };'), ['await'])
        self.assertEqual(self.found('spawn([&] () -> Task<void> { co_return; });'), ['await'])
        self.assertEqual(self.found('auto f = []() -> Task<void> { co_await g(); };'), [])

    def test_a_statement_is_found_with_its_own_line(self):
        text = 'Task<void> f() {\n  int a = 1;\n  co_await g(a,\n             {1});\n}\n'
        self.assertEqual(lines_of('gateway/net/x.cpp', text), [3])


class LogLines(unittest.TestCase):
    def found(self, call):
        return rules_of('gateway/net/x.cpp', 'void f() {\n  ' + call + '\n}\n')

    def test_a_key_that_comes_twice_is_found_with_its_line(self):
        for call in ('log::info("a", {{"x", 1}, {"x", 2}});', 'log::warning("a", {{"event", b}});', 'log::error("a", {{"at", b}});',
                     'log::line(log::Level::Info, "a", {{"x", f(1)}, {"y", 2}, {"x", 3}});', 'log::info("a", {{"two words", 1}});'):
            self.assertEqual(self.found(call), ['log-key'], call)
        self.assertEqual(lines_of('gateway/net/x.cpp', 'void f() {\n  log::info("a", {{"x", 1},\n                  {"x", 2}});\n}\n'), [3])

    def test_keys_that_differ_are_not_found(self):
        for call in ('log::info("a");', 'log::info("a {x, x}", {{"x", 1}, {"y", "x"}});', 'log::info("a", {{"x", 1}});\n  log::info("a", {{"x", 1}});',
                     'f({{"x", 1}, {"x", 2}});', 'log::start(x, {{"x", 1}, {"x", 2}});'):
            self.assertEqual(self.found(call), [], call)


class Forbidden(unittest.TestCase):
    def test_each_is_found_where_it_may_not_stand(self):
        for path, line, rule in (('gateway/net/x.cpp', 'asio::co_spawn(e, f(), asio::detached);', 'detached'),
                                 ('tests/net/x.cpp', 'co_spawn(e, f(), detached);', 'detached'),
                                 ('gateway/net/x.cpp', 'auto t = std::chrono::steady_clock::now();', 'clock'),
                                 ('tests/net/x.cpp', 'auto t = system_clock::now();', 'clock'),
                                 ('gateway/net/x.cpp', 'auto h = std::getenv("HOME");', 'getenv'),
                                 ('tests/net/x.cpp', 'std::this_thread::sleep_for(1s);', 'sleep'),
                                 ('tests/net/x.cpp', '::usleep(5);', 'sleep'),
                                 ('tests/net/x.cpp', 'sleep(5);', 'sleep'),
                                 ('tests/net/x.cpp', 'TEST(A, DISABLED_B) {}', 'leftover'),
                                 ('gateway/net/x.cpp', '// TODO: later', 'leftover'),
                                 ('gateway/net/x.cpp', 'f();  // NOLINT', 'leftover'),
                                 ('gateway/net/x.cpp', '// FIXME', 'leftover')):
            self.assertEqual(rules_of(path, line + '\n'), [rule], line)

    def test_none_is_found_where_it_may_stand(self):
        for path, line in (('gateway/base/clock.cpp', 'auto t = steady_clock::now();'),
                           ('gateway/app/x.cpp', 'auto h = std::getenv("HOME");'),
                           ('tests/net/x.cpp', 'auto h = std::getenv("HOME");'),
                           ('tests/net/x.cpp', 'co_await clock.sleep_until(5);'),
                           ('gateway/net/x.cpp', 'f("asio::detached");'),
                           ('gateway/net/x.cpp', 'int asleep(int);')):
            self.assertEqual(rules_of(path, line + '\n'), [], line)


class Limits(unittest.TestCase):
    HEADER = 'inline constexpr std::size_t items_max = 5;\ninline constexpr std::chrono::nanoseconds pause = 1s;  // of us\n'

    def found(self, gateway, test):
        all_of_it = [('gateway/base/limits.h', self.HEADER), ('gateway/net/x.cpp', gateway), ('tests/net/x_test.cpp', test)]
        return [(line, advice.split(':')[0]) for _, line, _, advice in limits([Source(path, text) for path, text in all_of_it])]

    def test_a_limit_that_nothing_applies_or_no_test_names_is_found_with_its_line(self):
        both = 'f(limits::items_max, limits::pause);\n'
        self.assertEqual(self.found(both, both), [])
        self.assertEqual(self.found('f(limits::items_max);\n', both), [(2, 'nothing applies pause')])
        self.assertEqual(self.found(both, 'f(limits::pause);\n'), [(1, 'no test names limits')])

    def test_a_comment_neither_applies_nor_meets_a_limit(self):
        both = 'f(limits::items_max, limits::pause);\n'
        self.assertEqual(self.found(both, 'f(limits::items_max);  // limits::pause\n'), [(2, 'no test names limits')])


class Tested(unittest.TestCase):
    def found(self, *files, untested=()):
        return [(path, advice.split(':')[0]) for path, _, _, advice in tested([Source(*file) for file in files], untested)]

    def test_a_file_without_a_test_is_found_and_one_with_a_test_of_its_name_in_its_folder_is_not(self):
        code = ('gateway/net/room/tcp.cpp', 'int a;\n')
        missing = [('gateway/net/room/tcp.cpp', 'no test is called tcp_test.cpp')]
        self.assertEqual(self.found(code), missing)
        for test in ('tests/net/tcp_test.cpp', 'tests/net/room/tcp_test.cpp', 'tests/system/net/tcp_test.cpp'):
            self.assertEqual(self.found(code, (test, '')), [], test)
        for test in ('tests/http/tcp_test.cpp', 'tests/net/tcp.cpp', 'tests/net/a_tcp_test.cpp', 'gateway/net/tcp_test.h'):
            self.assertEqual(self.found(code, (test, '')), missing, test)

    def test_a_line_in_the_file_or_in_its_header_counts_when_all_that_it_names_is_there(self):
        tests = [('tests/net/a_test.cpp', ''), ('tests/system/http/b_test.cpp', ''), ('tests/net/c.h', '')]
        for names, missing in (('tests/net/a_test.cpp', []), ('tests/net/a_test.cpp and tests/system/http/b_test.cpp', []),
                               ('tests/net/a_test.cpp, tests/net/gone_test.cpp and tests/net/c.h', ['tests/net/gone_test.cpp', 'tests/net/c.h']),
                               ('tests that are elsewhere', ['tests that are elsewhere'])):
            line = f'// Tested by {names}.\n'
            expected = [f'there is no test {name}' for name in missing]
            in_file = [('gateway/net/x.cpp', line + '\nint a;\n')]
            in_header = [('gateway/net/x.cpp', 'int a;\n'), ('gateway/net/x.h', '#pragma once\n\n' + line)]
            for files in (in_file, in_header):
                self.assertEqual([advice for _, advice in self.found(*files, *tests)], expected, names)

    def test_a_line_in_another_header_or_within_a_sentence_does_not_count(self):
        for header in (('gateway/net/y.h', '// Tested by tests/net/a_test.cpp.\n'),
                       ('gateway/net/x.h', '/// Tested by tests/net/a_test.cpp.\n'),
                       ('gateway/net/x.h', '// It is not Tested by tests/net/a_test.cpp.\n')):
            found = self.found(('gateway/net/x.cpp', ''), header, ('tests/net/a_test.cpp', ''))
            self.assertEqual(found, [('gateway/net/x.cpp', 'no test is called x_test.cpp')], header)

    def test_an_exception_counts_while_its_file_is_there(self):
        self.assertEqual(self.found(('gateway/net/x.cpp', ''), untested={'gateway/net/x.cpp': 'why'}), [])
        self.assertEqual(self.found(untested={'gateway/net/x.cpp': 'why'}),
                         [('tests/tidy/rules.py', 'nothing is called gateway/net/x.cpp')])

    def test_tests_need_no_tests(self):
        self.assertEqual(self.found(('tests/net/loop.cpp', ''), ('gateway/net/x.h', '')), [])


if __name__ == '__main__':
    unittest.main()
