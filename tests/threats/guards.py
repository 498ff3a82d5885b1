"""The guards of `docs/threats.md`, each with the text that is the guard, what it becomes without it, and a test.

`python -m tests.threats` takes one after the other away, in a copy of the checkout, and sees the test fail.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Guard(NamedTuple):
    """A text of a file, what it becomes where the guard is gone, and the test that then fails."""

    path: str
    old: str
    new: str
    test: str


YAML: Final = "tthc_rules/rulefile/yamltext.py"
FOLDERS: Final = "tthc_rules/rulefile/folders.py"
TEXT: Final = "tthc_rules/law/text.py"
JSON: Final = "tthc_rules/law/jsontext.py"
CSV: Final = "tthc_rules/logs/csv.py"
XML: Final = "tthc_rules/logs/xmlrecords.py"
XES: Final = "tthc_rules/logs/xes.py"
XLSX: Final = "tthc_rules/logs/xlsxparts.py"
MESSAGES: Final = "tthc_rules/logs/messages.py"
OUTPUT: Final = "tthc_rules/runs/output.py"
CACHE: Final = "tthc_rules/cachefolder.py"
MARKUP: Final = "tthc_rules/report/markup.py"
GUARD: Final = "examples/web/tthc_web/guard.py"
BODIES: Final = "examples/web/tthc_web/bodies.py"
BATCH: Final = "examples/web/tthc_web/batch.py"

GUARDS: Final = (
    # a rule folder, a mapping
    Guard(
        YAML,
        '                self.report(mark, complaints.yaml_alias(event.anchor or ""))\n',
        "",
        "tests/rulefile/test_yamltext.py::test_what_is_refused_and_where",
    ),
    Guard(
        YAML,
        "if event.tag is not None:\n            self.report",
        "if False:\n            self.report",
        "tests/rulefile/test_yamltext.py::test_what_is_refused_and_where",
    ),
    Guard(
        YAML,
        "if self._count > self.limits.nodes:",
        "if False:",
        "tests/rulefile/test_yamltext.py::test_each_limit_is_allowed_and_one_more_is_not",
    ),
    Guard(
        YAML,
        "if len(self._open) >= self.limits.depth:",
        "if False:",
        "tests/rulefile/test_yamltext.py::test_each_limit_is_allowed_and_one_more_is_not",
    ),
    Guard(
        YAML,
        "if size > limits.bytes:",
        "if False:",
        "tests/rulefile/test_yamltext.py::test_each_limit_is_allowed_and_one_more_is_not",
    ),
    Guard(
        YAML,
        "if not stat.S_ISREG(os.fstat(handle).st_mode):",
        "if False:",
        "tests/threats/test_size.py::test_what_is_no_plain_file_is_not_read",
    ),
    Guard(
        YAML,
        "found.start() if (found := _HIDDEN.search(text)) else -1",
        "-1",
        "tests/rulefile/test_yamltext.py::test_what_is_refused_and_where",
    ),
    Guard(
        FOLDERS,
        "if not real.is_relative_to(self.root):",
        "if False:",
        "tests/rulefile/test_folders.py::test_a_link_that_leaves_the_folder_is_refused",
    ),
    Guard(
        FOLDERS,
        "if len(above) > _DEEPEST:",
        "if False:",
        "tests/threats/test_size.py::test_folders_in_folders_end_somewhere",
    ),
    Guard(
        FOLDERS,
        "return self.seen > _MOST",
        "return False",
        "tests/threats/test_size.py::test_links_that_fork_are_not_followed_without_end",
    ),
    Guard(
        "tthc_rules/law/compose.py",
        '"    for j in range(count):", *_BEFORE]',
        '"    for j in range(count):", "        label = 1", *_BEFORE]',
        "tests/threats/test_outside.py::test_no_word_of_a_rule_file_is_in_the_function_that_is_run",
    ),
    Guard(
        "tthc_rules/check/pages.py",
        '.replace("<", "&lt;")',
        "",
        "tests/threats/test_words_of_others.py::test_a_page_for_lawyers_holds_no_html_of_a_rule_file",
    ),
    # a dossier, a message
    Guard(
        JSON,
        '    except RecursionError:\n        raise JsonError(1, 1, "nested too deep") from None\n',
        "",
        "tests/logs/test_eventlog.py::test_a_bad_line_is_an_error_row",
    ),
    Guard(
        JSON,
        "object_pairs_hook=_unique, ",
        "",
        "tests/logs/test_broken_rows.py::test_a_repeated_key_is_told_at_its_line_and_column",
    ),
    Guard(
        JSON,
        "    except ValueError as error:  # a number of thousands of digits\n"
        '        raise JsonError(1, 1, str(error).partition(";")[0]) from None\n',
        "",
        "tests/threats/test_numbers.py::test_a_number_of_thousands_of_digits_is_broken_json",
    ),
    Guard(
        TEXT,
        " or (len(text) > _SHORT and _has_pile(text))",
        "",
        "tests/threats/test_size.py::test_a_letter_under_a_pile_of_marks_is_left_as_it_is",
    ),
    Guard(
        TEXT,
        "    if bad := hidden(text):",
        '    if bad := "":',
        "tests/law/test_bad_dossiers.py::test_what_nobody_sees_in_an_id_a_unit_or_a_person_is_refused",
    ),
    Guard(
        "tthc_rules/law/dossier.py",
        "Field(max_length=MAX_EVENTS)",
        "Field(max_length=10 * MAX_EVENTS)",
        "tests/law/test_bad_dossiers.py::test_one_event_more_is_refused",
    ),
    Guard(
        XML,
        "self.parser.StartDoctypeDeclHandler = self.refuse\n        self.parser.EntityDeclHandler = self.refuse",
        "pass",
        "tests/senders/test_command.py::test_xml_of_any_size_is_read_record_by_record",
    ),
    Guard(
        XML,
        "if len(self.open) >= _MAX_DEPTH:",
        "if False:",
        "tests/threats/test_size.py::test_elements_are_nested_so_deep_and_no_deeper",
    ),
    Guard(
        XML,
        "if self.held > _MOST_HELD:",
        "if False:",
        "tests/threats/test_size.py::test_a_tree_without_records_is_not_held_without_end",
    ),
    Guard(
        XML,
        "> _LONGEST + len(piece):",
        "> 1 << 60:",
        "tests/threats/test_size.py::test_a_tag_without_an_end_is_not_read_again_and_again",
    ),
    Guard(
        MESSAGES,
        "if len(sightings) > MAX_COPIES and",
        "if False and",
        "tests/senders/test_dvcqg.py::test_a_dossier_that_was_sent_without_end_is_an_error_row",
    ),
    Guard(
        "tthc_rules/logs/sentvalues.py",
        "if isinstance(value, Decimal) and not (value.is_finite() and value.adjusted() < _DIGITS_OF_A_FLOAT):",
        "if False:",
        "tests/threats/test_numbers.py::test_a_number_of_a_message_is_never_written_out_in_its_digits",
    ),
    Guard(
        MESSAGES,
        "if depth > MAX_DEPTH or count > MAX_VALUES:",
        "if False:",
        "tests/threats/test_numbers.py::test_a_message_is_nested_so_deep_and_no_deeper",
    ),
    Guard(
        "tthc_rules/logs/personal.py",
        "return not any(word in folded for word in people)",
        "return True",
        "tests/senders/test_exactly.py::test_nothing_personal_is_in_any_output",
    ),
    # a log
    Guard(
        CSV,
        "if len(first.cells) > MAX_COLUMNS:",
        "if False:",
        "tests/threats/test_size.py::test_a_header_has_as_many_columns_as_a_sheet",
    ),
    Guard(
        CSV,
        "if self.taken and self.held > MAX_LINE:",
        "if False:",
        "tests/threats/test_size.py::test_a_row_that_never_ends_is_held_no_further_than_a_line_may_be",
    ),
    Guard(
        CSV,
        "            lines.give_back()\n",
        "",
        "tests/logs/test_eventlog.py::test_a_quote_never_closed_loses_no_other_row",
    ),
    Guard(
        "tthc_rules/logs/files.py",
        "while line := stream.readline(MAX_LINE):",
        "while line := stream.readline():",
        "tests/threats/test_size.py::test_no_more_of_a_line_is_held_than_is_read",
    ),
    Guard(
        "tthc_rules/logs/jsonstream.py",
        "if len(self.held) - self.begin > MAX_LINE:",
        "if False:",
        "tests/logs/test_jsonstream.py::test_a_bomb_is_our_error_long_before_it_is_unpacked",
    ),
    Guard(
        XES,
        "if self.fed - max(position, 0) > MAX_TOKEN + len(chunk):",
        "if False:",
        "tests/logs/test_xes.py::test_one_huge_token_is_refused_without_reading_it",
    ),
    Guard(
        XES,
        "position - self.trace_start > MAX_TRACE:",
        "False:",
        "tests/logs/test_xes.py::test_one_huge_trace_is_an_error_row_and_the_next_is_read",
    ),
    Guard(
        XES,
        "self.parser.StartDoctypeDeclHandler = self.refuse\n        self.parser.EntityDeclHandler = self.refuse",
        "pass",
        "tests/logs/test_xes.py::test_what_is_not_xes_is_an_error_with_its_place",
    ),
    Guard(
        XLSX,
        "if len(given) > MAX_ATTRIBUTES:",
        "if False:",
        "tests/threats/test_size.py::test_an_element_of_a_workbook_has_few_attributes",
    ),
    Guard(
        XLSX,
        "or sum(info.file_size for info in listed) > MAX_UNPACKED:",
        "or False:",
        "tests/logs/test_xlsx.py::test_a_bomb_is_not_unpacked_and_a_far_corner_is_not_reached",
    ),
    Guard(
        XLSX,
        "if max(self.count, reach) > MAX_CELLS:",
        "if False:",
        "tests/logs/test_xlsx.py::test_a_bomb_is_not_unpacked_and_a_far_corner_is_not_reached",
    ),
    Guard(
        XLSX,
        "parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse",
        "pass",
        "tests/logs/test_xlsx.py::test_a_broken_part_is_our_error",
    ),
    Guard(
        "tthc_rules/bulk/foreign.py",
        "    table.validate(full=True)\n",
        "",
        "tests/bulk/test_malformed.py::test_corrupt_arrow_is_refused",
    ),
    Guard(
        "tthc_rules/bulk/accepted.py",
        "    if problems:\n        raise InputFileError(problems)\n",
        "",
        "tests/bulk/test_types.py::test_a_union_with_nulls_is_refused_and_the_process_goes_on",
    ),
    Guard(
        "tthc_rules/logs/parquetfiles.py",
        "    except Exception as error:\n",
        "    except ZeroDivisionError as error:\n",
        "tests/bulk/test_flips.py::test_flipped_bytes_give_rows_or_our_errors",
    ),
    # what is written, and where
    Guard(
        OUTPUT,
        "                _check_input(target, path)\n",
        "                pass\n",
        "tests/logs/test_output.py::test_an_input_under_another_name_is_the_same_input",
    ),
    Guard(
        OUTPUT,
        "            _check_kind(target)\n",
        "",
        "tests/logs/test_output.py::test_no_result_takes_the_place_of_what_is_no_file",
    ),
    Guard(
        OUTPUT,
        "partial.chmod(stat.S_IMODE(path.stat().st_mode))",
        "pass",
        "tests/logs/test_output.py::test_who_could_read_the_old_result_can_read_the_new_one_and_nobody_else",
    ),
    Guard(
        "tthc_rules/runs/manifest.py",
        "if part.name != name_of(number) or not _adds_up(part):",
        "if False:",
        "tests/logs/test_parquetfiles.py::test_a_manifest_that_cannot_be_ours_is_not_built_upon",
    ),
    Guard(
        "tthc_rules/runs/sorting.py",
        'base.execute(f"SET {fetches} = false")',
        "pass",
        "tests/threats/test_outside.py::test_the_sort_fetches_nothing",
    ),
    Guard(
        "tthc_rules/runs/sorting.py",
        '(f"c{place}", _sent(schema.types[place]))',
        "(schema.names[place], _sent(schema.types[place]))",
        "tests/logs/test_parquetfiles.py::test_a_sort_changes_no_name_and_no_moment",
    ),
    Guard(
        "tthc_rules/logs/spreadsheet.py",
        'return "\'" + text if _RUNS.match(text) else text',
        "return text",
        "tests/account/test_files.py::test_results_run_nothing_in_a_spreadsheet_and_come_back_as_they_were",
    ),
    Guard(
        "tthc_rules/runs/csvtext.py",
        """_ODD: Final = "^'*[=+\\\\-@\\t\\r]|""",
        '_ODD: Final = "',
        "tests/account/test_files.py::test_results_run_nothing_in_a_spreadsheet_and_come_back_as_they_were",
    ),
    Guard(
        "tthc_rules/runs/writers.py",
        "        self.sheet.write_string(row, column, text)\n",
        "        self.sheet.write(row, column, text)\n",
        "tests/logs/test_xlsx.py::test_text_that_a_spreadsheet_would_run_or_decode_comes_back",
    ),
    # the cache folder
    Guard(
        CACHE,
        "return folder if above and _closed(folder.stat(), (_me(),)) else None",
        "return folder",
        "tests/bulk/test_compiled.py::test_nothing_is_kept_in_a_folder_that_others_may_write_to",
    ),
    Guard(
        CACHE,
        " or not _closed(about, (_me(),)):",
        ":",
        "tests/bulk/test_compiled.py::test_code_that_somebody_else_could_have_put_there_is_not_run",
    ),
    Guard(
        CACHE,
        "None if found is None or found != _sealed(name, found[_SEAL:]) else found[_SEAL:]",
        "None if found is None else found[_SEAL:]",
        "tests/bulk/test_compiled.py::test_kept_code_that_was_damaged_is_never_run",
    ),
    Guard(
        "tthc_rules/bulk/objects.py",
        "if code is None or not objectfile.holds(code, name):",
        "if code is None:",
        "tests/bulk/test_compiled.py::test_a_right_digest_over_garbage_is_compiled_anew",
    ),
    Guard(
        CACHE,
        '("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")',
        '("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY")',
        "tests/bulk/test_compiled.py::test_a_fifo_in_its_place_is_not_waited_for",
    ),
    Guard(
        CACHE,
        " or not _closed(about, (_me(),)):",
        ":",
        "tests/rulefile/test_reload.py::test_a_law_that_others_may_write_is_not_believed",
    ),
    # pages, documents, terminals, logs
    Guard(
        MARKUP,
        "return escape(text, quote=True)",
        "return text",
        "tests/report/test_page.py::test_words_of_users_stay_words",
    ),
    Guard(
        MARKUP,
        "return escape(text, quote=True)",
        "return text",
        "tests/report/test_tell.py::test_every_page_is_whole_and_safe",
    ),
    Guard(
        MARKUP,
        "return escape(text, quote=True)",
        "return text",
        "tests/report/test_slip_page.py::test_hostile_words_stay_words",
    ),
    Guard(
        MARKUP,
        "    if text and combining(text[0]):",
        "    if False:",
        "tests/report/test_page.py::test_a_mark_that_joins_its_neighbour_does_not_eat_a_tag",
    ),
    Guard(
        "tthc_rules/report/shell.py",
        "default-src 'none'; ",
        "",
        "tests/report/test_page.py::test_nothing_comes_from_elsewhere",
    ),
    Guard(
        "tthc_rules/report/worddocument.py",
        "return visible(nfc(str(text)))",
        "return nfc(str(text))",
        "tests/report/test_slip_document.py::test_hostile_words_stay_words",
    ),
    Guard(
        "tthc_rules/runs/icaltext.py",
        '(visible(line) for line in text.split("\\n"))',
        'text.split("\\n")',
        "tests/threats/test_words_of_others.py::test_a_line_of_a_calendar_cannot_be_ended_by_what_is_in_it",
    ),
    Guard(
        "tthc_rules/runs/icaltext.py",
        '.replace(";", "\\\\;")',
        "",
        "tests/due/test_due_files.py::test_what_acts_on_a_screen_is_said_in_a_calendar",
    ),
    Guard(
        "tthc_rules/errors.py",
        'return "\\n".join(map(visible, lines))',
        'return "\\n".join(lines)',
        "tests/test_words.py::test_a_problem_is_as_many_lines_as_it_has_whatever_is_in_it",
    ),
    Guard(
        "tthc_rules/cli/results.py",
        "        if sys.stdout.isatty():\n",
        "        if False:\n",
        "tests/threats/test_terminal.py::test_a_result_acts_on_no_terminal",
    ),
    Guard(
        "tthc_rules/journal.py",
        "def rows_made(rows: int, errors: int) -> None:",
        "def rows_made(rows: str, errors: int) -> None:",
        "tests/test_journal.py::test_a_line_takes_counts_and_closed_words_only",
    ),
    # the examples
    Guard(
        BODIES,
        "                if len(body) > limits.body_bytes:\n",
        "                if False:\n",
        "tests/web/test_web_refusals.py::test_a_body_that_turns_out_too_large_is_refused",
    ),
    Guard(
        BODIES,
        "async with asyncio.timeout(limits.seconds):",
        "async with asyncio.timeout(None):",
        "tests/web/test_web_refusals.py::test_a_body_that_never_comes_is_given_up",
    ),
    Guard(
        BATCH,
        "        self._begun += part[:room]\n",
        "        self._begun += part\n",
        "tests/web/test_web_batches.py::test_lines_are_cut_and_only_the_beginning_of_a_long_one_is_held",
    ),
    Guard(
        GUARD,
        'path = getattr(scope.get("route"), "path", "-")',
        'path = scope["path"]',
        "tests/web/test_web_answers.py::test_no_word_of_a_dossier_is_in_the_log",
    ),
    Guard(
        GUARD,
        'to.error("%s: %s", type(error).__name__, places)',
        'to.error("%s: %s", error, places)',
        "tests/web/test_web_answers.py::test_a_fault_of_ours_is_an_answer_without_a_word_of_the_dossier",
    ),
    Guard(
        GUARD,
        '    "X-Content-Type-Options": "nosniff",\n',
        "",
        "tests/web/test_web_answers.py::test_every_answer_keeps_a_browser_strict",
    ),
    Guard(
        "examples/postgres/tthc_postgres/server.py",
        "name.replace('\"', '\"\"')",
        "name",
        "tests/postgres/test_statements.py::test_a_name_is_quoted",
    ),
    Guard(
        "examples/postgres/tthc_postgres/results.py",
        'session.do("DELETE FROM tthc.changed")',
        'session.do(f"DELETE FROM {session}")',
        "tests/postgres/test_statements.py::test_only_names_are_put_into_statements",
    ),
    # what holds for all
    Guard(
        "tthc_rules/law/civil.py",
        "FIRST_DATE: Final = date(1990, 1, 1)",
        "FIRST_DATE: Final = date(1900, 1, 1)",
        "tests/law/test_bad_dossiers.py::test_malformed_input_is_refused_with_its_code_and_place",
    ),
    Guard(
        "tthc_rules/bulk/rescore.py",
        "            except Exception:\n                refused[place] = rescorer.alone(given)\n",
        "            except KeyError:\n                refused[place] = rescorer.alone(given)\n",
        "tests/bulk/test_batch.py::test_whatever_is_in_one_dossier_stops_none_of_the_others",
    ),
    Guard(
        "tthc_rules/logs/mentions.py",
        " or _PILE.search(text)",
        "",
        "tests/threats/test_size.py::test_a_published_limit_under_a_pile_of_marks_is_no_text",
    ),
    Guard(
        MESSAGES,
        "        line, column, why = error.line, error.column, error.why\n",
        '        raise _bad_json("json") from error\n',
        "tests/senders/test_dvcqg.py::test_no_exception_holds_the_text",
    ),
    Guard(
        "tthc_rules/logs/sentvalues.py",
        "        return 0  # also of `0.0`",
        "        return value  # also of `0.0`",
        "tests/threats/test_numbers.py::test_a_message_with_such_numbers_is_read",
    ),
    Guard(
        "tthc_rules/journal.py",
        '    _LOG.info("law loaded:',
        '    __import__("socket").socket().close()\n    _LOG.info("law loaded:',
        "tests/threats/test_outside.py::test_commands_open_no_network_and_start_no_program",
    ),
)
