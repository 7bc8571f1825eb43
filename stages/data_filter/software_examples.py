"""Example texts about computers and software that are not about security.

Data only; `relevance_examples` says what they are for.
"""

from __future__ import annotations

SOFTWARE: dict[str, tuple[str, ...]] = {
    "libraries": (
        "A fast JSON parser written in C with bindings for Python.",
        "A small library that builds command line interfaces from type hints.",
        "Terminal progress bars for loops and iterators.",
        "An in-memory key-value store with snapshots and replication.",
        "A simple HTTP client with connection pooling and automatic retries.",
        "Reads and writes YAML files while keeping comments in place.",
        "A template engine that turns data into HTML pages.",
        "Data validation with type annotations and clear error messages.",
        "Universal character encoding detector for text files.",
        "Turns international domain names into their ASCII form and back.",
        "The library fetches pages with one call, follows redirects and keeps connections open.",
        "Runs coroutines on either of two event loops behind one interface, with task groups,"
        " streams and file access. It is for authors of libraries who do not want to decide for"
        " their users which loop to run. Cancellation follows scopes rather than tasks, and"
        " everything that waits can be given a time limit.",
        "One interface for many tools that check and format source code, and orders of magnitude"
        " faster than each.",
        "Immutable lists, maps and sets that share structure between their versions.",
        "An asynchronous client and server for web sockets, with back pressure and clean shutdown.",
        "Helpers for writing code that runs on old and new versions of the language.",
        "Approximate counting and set similarity for data that does not fit into memory.",
        "Reads spreadsheets and writes them, with formulas, styles and charts.",
        "Implements a cache with a size limit and several ways to choose what goes.",
        "Bindings that let the language call functions of shared objects.",
        "A queue that lives in a table of a database, with priorities and retries.",
        "Converts between units, and refuses to add metres to seconds.",
        "A lightweight library to manipulate addresses and subnets of both protocol versions.",
        "Lets any storage be mounted like a file system and read with the same calls, whether it"
        " is local or in a cloud.",
        "A linter and formatter for Python that replaces several tools and is written in a"
        " compiled language.",
        "Fast serialisation of data classes and dates; strict about the standard.",
        "A parser generator for context-free grammars with ambiguity and error messages.",
        "Transfers large files in chunks and joins them again, so that only what is new is sent.",
        "Allocators and memory pools for hosts with several kinds of memory.",
    ),
    "numerics": (
        "Arrays and linear algebra routines for numerical computing.",
        "Bindings to a tokenizer library used to train language models.",
        "Runtime components for a compiler's parallel threading library.",
        "Draws charts and maps from data frames in the browser.",
        "State-of-the-art pretrained models for text, vision and audio, ready to be trained"
        " further or to predict. One class loads the weights, another prepares the input, and a"
        " pipeline puts both together. Models can be moved between frameworks, and trained on one"
        " machine and served on another.",
        "Highly tuned routines for linear algebra, Fourier transforms, random numbers and vector"
        " functions. The library picks the code path for the processor it runs on and spreads the"
        " work over all cores. This package holds the shared objects that applications need at"
        " run time; headers and static libraries come in separate packages.",
    ),
    "tools": (
        "A test runner that finds test files and runs them in parallel.",
        "Static type checker that reports mismatched argument types.",
        "Backport of the standard library's resource reading functions.",
        "A plugin system with hooks that other packages can implement.",
        "Platform independent file locks for processes that share a folder.",
        "Utilities for parsing version numbers and package metadata.",
        "A scheduler that runs jobs at fixed times and keeps their results.",
        "Parses configuration files with sections, keeps their order and supports several values"
        " in one line.",
        "Builds, installs, upgrades and removes packages. It reads what a project declares about"
        " itself, finds its modules and data files, compiles its extensions and writes archives"
        " that others can install. Most projects need no more than one short file for it.",
    ),
    "manuals": (
        "This module provides functions to read and write files of comma separated values.",
        "Install it with the package manager, then import it and call the main function.",
        "Returns a list of the names in the given folder; raises an error when it does not exist.",
        "The second argument is optional and sets the width of the column in characters.",
        "Class that counts hashable objects. Elements are stored as keys and their counts as"
        " values. Counts may be zero or negative. Methods return the most common elements, add"
        " two counters, or subtract one from the other; see the examples below.",
        "This module implements pseudo-random choices, shuffling and sampling from several"
        " distributions: uniform, normal, exponential, gamma. The default generator is seeded"
        " from the clock. Instances keep their own state, so that two of them do not disturb each"
        " other, and the state can be saved and restored.",
        "Draws by moving a turtle over a canvas, which has introduced many children to"
        " programming.",
        "Checks a source file for indentation that mixes tabs and blanks.",
        "Functions that guess the type of a sound or a picture from its first bytes.",
        "Keeps lines of source files in memory, so that tracebacks can show them.",
        "Completes names while you type at the prompt.",
        "Codecs are found by name; each encodes strings to bytes and back.",
        "Random access into a compressed file is possible, but slow, since it has to be read from"
        " the start.",
        "The server answers requests one at a time; to serve several clients, use threads.",
        "A session object keeps parameters and connections over several requests.",
        "Values of environment variables are read once at start and can be overridden by"
        " arguments.",
        "A client class for a mail protocol. Each command of the protocol has a method, and"
        " answers come back as pairs of a status and data. Time-outs can be given when the"
        " connection is made.",
        "Socket server classes. A server binds an address and hands each connection to a handler;"
        " mix-ins let it do so in threads or processes.",
        "Reads compressed archives as if they were files. Members can be listed, opened and"
        " written one by one.",
        "Trace execution of a program line by line and count how often each line ran. The command"
        " line takes the script and its arguments.",
        "An interface to an embedded SQL database kept in one file. Connections give cursors, and"
        " rows come back as tuples.",
        "Regular expressions: special characters, groups, flags and functions for matching,"
        " searching and replacing.",
        "Get information on the platform: machine type, release, node name and the version of the"
        " interpreter.",
        "Disassembles byte code into a readable list of operations with their arguments and line"
        " numbers.",
        "A base class for line-oriented interpreters of commands. A method named after a command"
        " is called with the rest of the line.",
        "Parser of command line options with defaults, types and help texts.",
        "Objects can be stored on a shelf, a dictionary whose values are kept in a file.",
        "Logging with levels, handlers and formatters. Loggers form a tree by their dotted names.",
    ),
    "projects": (
        "Contributions are welcome: open an issue first, then a pull request with tests.",
        "The documentation is hosted online and describes every option with an example.",
        "Version 3 drops support for old interpreters and renames two arguments.",
        "The project is licensed under the terms of the MIT licence and funded by sponsors.",
        "This is a stub package with type annotations for a library that has none of its own."
        " Type checkers and editors find it by themselves. It follows the releases of the"
        " library, and its version says which release it describes. Mistakes can be reported to"
        " the repository in which all such packages are kept together.",
        "We started this project because the tools we had were too slow for our site. Since then"
        " it has been rewritten twice, and it now serves some hundred teams. Thanks to everyone"
        " who reported problems, translated the pages or answered questions on the mailing list."
        " The next release will bring themes and a faster search.",
        "A new version comes out every other month; the change log lists what is new and what"
        " will go.",
        "Our batch mode is ninety times as fast as the next best package, as the table below"
        " shows.",
        "Problems and wishes can be reported on the tracker; the source is kept in a public"
        " repository.",
        "It is ready for what applications of today demand, and used by companies large and small.",
        "The first version was written for a game; then users asked for the parts that had"
        " nothing to do with games.",
        "If you like what we do, give the repository a star, or tell us on the chat how you use"
        " it.",
        "Wheels are built for three systems and two architectures; on others it is compiled from"
        " source.",
        "This fork keeps the old interface alive for those who cannot move to the new one yet.",
        "See the installation page for the oldest versions of the dependencies that are supported.",
        "Type annotations may carry bounds, such as a number that has to be greater than one.",
        "The name on the package index differs from the name under which it is imported.",
        "This package is downloaded millions of times a week and used by more than a million"
        " repositories.",
        "Released under a permissive licence; copyright by the authors and contributors.",
    ),
    "everyday computing": (
        "To replace the toner, open the front cover, pull the old cartridge out and push the new"
        " one in until it clicks.",
        "The update brings a dark mode, faster search and a new icon for the calendar.",
        "Sort the table by its second column and draw a bar chart of the totals by month.",
        "The scheduler runs jobs in the order of their priority; a job may ask for up to four"
        " cores and is started again after a crash.",
        "Cache invalidation is done by a version number in the key, so old entries simply expire.",
        "If the screen stays black, check the cable, hold the power button for ten seconds and"
        " start the laptop again.",
        "The migration moves three tables into a new schema and adds an index on the date.",
        "The library draws maps from open data and exports them as vector graphics.",
        "Hold the two buttons until the logo appears, and the tablet starts anew.",
        "The laptop has sixteen gigabytes of memory and a screen of fourteen inches.",
        "Drag the photos into an album and share it with the family.",
        "In the new version you can split a cell and colour whole rows.",
        "To move your bookmarks, export them as a file and import them in the other browser.",
        "My monitor flickers when the microwave is on. Has anybody seen that?",
        "A macro that fills in the date and the number of the invoice.",
        "The headset connects by itself when it is taken out of its case.",
        "The column shows hash signs because it is too narrow.",
        "Set the router on a shelf in the middle of the flat for better reception.",
    ),
    "operations": (
        "The cluster was slow for an hour because a report read the whole table.",
        "We moved the queue to faster disks, and the backlog was gone by noon.",
        "An outage of the power supply stopped two racks; the batteries had been due for exchange.",
        "The rollout is done in three waves, and each waits for the error rate of the one before.",
        "Indexes are rebuilt at night, which doubles the use of the disk for a while.",
        "The load balancer takes out a host that fails three health checks in a row.",
        "A wrong unit in the configuration let the job run every second instead of every hour.",
        "After the migration, the numbers of orders did not match, because a trigger was missing.",
        "Autoscaling added machines too late for the rush at nine.",
        "The log was full of warnings about a deprecated call, and nobody could see the rest.",
        "The nightly copy of the tables takes three hours, so reports are a day old.",
        "Move the volume to the other zone, then start the instance with the same name.",
        "Set the number of workers to twice the number of cores and look at the queue length.",
        "The certificate of the staging site is renewed by a timer on the first of the month.",
    ),
}
