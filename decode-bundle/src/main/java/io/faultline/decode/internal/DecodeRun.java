package io.faultline.decode.internal;

import io.faultline.hardware.RecordDecoder;
import io.faultline.log.LogScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * One call of {@code decode}: reads the inputs one after the other, keeps what the options ask for,
 * and writes it.
 *
 * <p><b>Threads.</b> One reads; on Ctrl-C another finishes what was found so far. Both pass the
 * lock, and nothing is written after the end.
 */
final class DecodeRun {
    private static final int ALL_DONE = 0;
    private static final int MALFORMED = 1;
    private static final int WRONG_USE = 2;
    private static final int NOT_ALLOWED = 3;

    /** How long an interrupted run waits for its reader, which a full pipe may hold up. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final DecodeOptions options;
    private final Decoders decoders;
    private final LogScanner scanner;
    private final Consumer<String> say;
    private final Progress progress;
    private final AllowList allowed;
    private final Report report;
    private final Groups groups;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean finished;
    private boolean wrongUse;
    private long malformed;
    private long notAllowed;
    private long malformedElsewhere;
    private long suppressedElsewhere;

    /**
     * @param scanner finds the lines of logs; null if no bundle does
     */
    DecodeRun(DecodeOptions options, Decoders decoders, LogScanner scanner) throws IOException {
        this.options = options;
        this.decoders = decoders;
        this.scanner = scanner;
        this.say = options.caller().say();
        this.progress =
                new Progress(
                        options.caller().progress(),
                        Inputs.length(options.inputs()),
                        System::nanoTime);
        this.allowed = options.allow() == null ? null : AllowList.read(options.allow());
        this.report = report(options);
        this.groups = options.groups() ? new Groups(this::judge) : null;
    }

    private static Report report(DecodeOptions options) throws IOException {
        Caller caller = options.caller();
        return switch (options.format()) {
            case "table" ->
                    new TableReport(
                            caller.out(), caller.columns(), caller.colours(), new Summary());
            case "summary" -> new SummaryReport(caller.out(), new Summary());
            default -> new JsonReport(caller.out());
        };
    }

    /** Reads everything, and gives the exit code. */
    int run() throws IOException {
        options.caller().onInterrupt().accept(this::interrupt);
        RecordDecoder decoder = options.raw() == null ? null : decoder();
        for (String name : options.inputs()) {
            read(name, decoder);
        }
        lock.lock();
        try {
            finish();
        } finally {
            lock.unlock();
        }
        return exitCode();
    }

    private RecordDecoder decoder() {
        RecordDecoder decoder = decoders.decoder(options.raw());
        if (decoder == null) {
            throw new WrongUse(
                    "no decoder for "
                            + options.raw()
                            + " is installed; there are: "
                            + String.join(" ", decoders.queues()));
        }
        return decoder;
    }

    /** Reads one input. That it cannot be read is told, and the next one is read. */
    private void read(String name, RecordDecoder decoder) throws IOException {
        String file = options.files().size() > 1 ? name : null;
        LogReader log = decoder == null ? new LogReader(decoders, file, this::accept) : null;
        boolean isCompressed = false;
        try (Inputs.Input input = open(name, log)) {
            isCompressed = input.isCompressed();
            if (decoder == null) {
                readLog(input, log);
            } else {
                readDump(input, decoder, file);
            }
        } catch (OutputFailed e) {
            throw e;
        } catch (WrongUse e) {
            throw new WrongUse(name + ": " + e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            if (log != null) {
                log.drain();
            }
            IOException cause =
                    e instanceof UncheckedIOException u ? u.getCause() : (IOException) e;
            unreadable(name, cause, isCompressed);
        }
    }

    private Inputs.Input open(String name, LogReader log) throws IOException {
        return Inputs.open(name, options.caller().in(), () -> settle(log), progress);
    }

    private void unreadable(String name, IOException e, boolean isDamaged) {
        progress.takeAway();
        String what = name.equals(Inputs.STANDARD_INPUT) ? "standard input" : name;
        if (isDamaged) {
            malformed++;
            say.accept(what + ": is damaged, decoded as far as it goes: " + Inputs.problem(e));
        } else {
            wrongUse = true;
            say.accept(what + ": " + Inputs.problem(e));
        }
    }

    private void readLog(Inputs.Input input, LogReader log) throws IOException {
        if (scanner == null) {
            throw new IllegalStateException("no bundle scans logs: kernellog-bundle is missing");
        }
        try (var source = scanner.open(input.name(), input.stream())) {
            log.readAll(source);
        }
    }

    private void readDump(Inputs.Input input, RecordDecoder decoder, String file)
            throws IOException {
        RecordReader.Queue queue = RecordReader.Queue.of(options.raw());
        RecordReader records = new RecordReader(decoder, queue, file, this::accept);
        PendingRecords pending = pending(input.name());
        if (options.hex()) {
            HexDump dump = new HexDump(records);
            if (pending == null) {
                dump.readAll(input.stream());
            } else {
                dump.readPending(input.stream(), pending);
            }
        } else {
            BinaryDump dump = new BinaryDump(records);
            if (pending == null) {
                dump.readAll(input.stream());
            } else {
                dump.readPending(input.stream(), pending);
            }
        }
    }

    private PendingRecords pending(String name) {
        return options.prod() == null
                ? null
                : new PendingRecords(
                        options.prod(), options.cons(), line -> say.accept(name + ": " + line));
    }

    /** What was found goes through the filters, in this order. */
    private void accept(Finding finding) throws IOException {
        lock.lock();
        try {
            if (finished) {
                return;
            }
            boolean isMalformed = finding instanceof MalformedFinding;
            malformed += isMalformed ? 1 : 0;
            if (!DeviceFilter.admits(options.devices(), finding.whose())) {
                countElsewhere(finding);
            } else if (options.period().admits(finding.place())) {
                pass(finding);
            }
        } catch (IOException e) {
            throw new OutputFailed(e);
        } finally {
            lock.unlock();
        }
    }

    /** What names no device may be of the one that was asked for. */
    private void countElsewhere(Finding finding) {
        if (!finding.whose().namesDevice()) {
            malformedElsewhere += finding instanceof MalformedFinding ? 1 : 0;
            suppressedElsewhere +=
                    finding instanceof Remark remark && remark.isSuppressed() ? remark.count() : 0;
        }
    }

    private void pass(Finding finding) throws IOException {
        if (groups == null) {
            judge(finding);
        } else {
            groups.accept(finding);
        }
    }

    /** Progress does not stand between the rows; rows that go elsewhere do not matter to it. */
    private void makeRoom() {
        if (options.caller().columns() > 0 && !options.format().equals("summary")) {
            progress.takeAway();
        }
    }

    private void judge(Finding finding) throws IOException {
        makeRoom();
        if (allowed == null) {
            report.accept(finding);
        } else if (!allowed.allows(finding)) {
            notAllowed += finding instanceof MalformedFinding ? 0 : 1;
            report.accept(finding);
        }
    }

    /** Nothing may come for a while: what is kept back anywhere goes out. */
    private void settle(LogReader log) throws IOException {
        if (log != null) {
            log.drain();
        }
        lock.lock();
        try {
            if (!finished) {
                makeRoom();
                report.settle();
            }
        } catch (IOException e) {
            throw new OutputFailed(e);
        } finally {
            lock.unlock();
        }
    }

    private void interrupt() {
        try {
            if (lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    finish();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the JVM is ending
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void finish() throws IOException {
        if (!finished) {
            progress.takeAway();
            if (groups != null) {
                groups.finish();
            }
            report.finish();
            finished = true;
            tellWhatIsNotShown();
        }
    }

    private void tellWhatIsNotShown() {
        if (malformedElsewhere > 0) {
            say.accept(
                    Columns.count(malformedElsewhere, "malformed record")
                            + " named no device; shown without --device");
        }
        if (suppressedElsewhere > 0) {
            say.accept(
                    Columns.count(suppressedElsewhere, "call")
                            + " that the kernel did not print named no device: they may be of any");
        }
        if (notAllowed > 0) {
            say.accept(allowed.name() + " does not allow " + Columns.count(notAllowed, "finding"));
        }
        if (options.period().couldNotCompare()) {
            wrongUse = true;
            say.accept(
                    "--since or --until is a date, but the log counts from the boot: give seconds"
                            + " since boot; what has such a time is shown");
        }
    }

    private int exitCode() {
        if (wrongUse) {
            return WRONG_USE;
        }
        if (notAllowed > 0) {
            return NOT_ALLOWED;
        }
        return malformed > 0 ? MALFORMED : ALL_DONE;
    }
}
