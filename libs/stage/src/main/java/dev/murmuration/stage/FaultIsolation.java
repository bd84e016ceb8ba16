package dev.murmuration.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.murmuration.schemas.RegistryUnavailableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.zip.ZipException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a failure that one record causes to that record: it becomes a rejection or a dead letter with its reason, and the stream continues. The one place that
 * says which failures those are, for all stages.
 *
 * <p>A failure ends the process instead when it is of the infrastructure (store, registry, broker, disk, network), of a setting, of the program as it was built (a
 * class or native library that is missing), or when the work was interrupted: the next record would meet the same. Everything else that work on one record
 * throws is caused by the record, a bug that only such a record meets included, and so is a heap or a stack that the record did not fit into.
 *
 * <p>The work must not have changed anything yet when it throws, and must commit nothing: transactions stay outside.
 */
public final class FaultIsolation {

    private static final int MOST_REASON_CHARS = 300;
    private static final String OURS = "dev.murmuration.";
    private static final List<String> DISK = List.of(
            "No space left on device",
            "Disk quota exceeded",
            "Input/output error",
            "Read-only file system",
            "Too many open files");

    private FaultIsolation() {}

    /**
     * The result of work on one record, or what becomes of the record if it caused the work to fail.
     *
     * @param work on this record alone
     * @param refuse makes a rejection or a dead letter of a reason, which is one line for a person
     * @throws RuntimeException or Error if the record is not to blame: the process must end
     */
    public static <T> T isolate(Callable<T> work, Function<String, T> refuse) {
        return isolate(work, refuse, () -> {});
    }

    /**
     * The same where it can be tried whether anything works at all.
     *
     * @param probe the same work on a record that every version of the program can process; run after a failure, and if it fails too, the first record was not to
     *     blame
     */
    public static <T> T isolate(Callable<T> work, Function<String, T> refuse, Runnable probe) {
        try {
            return work.call();
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            String reason = reason(e).orElseThrow(() -> unchecked(e));
            probe.run();
            return refuse.apply(reason);
        }
    }

    /** Why a record is to blame for this failure, in one line for a person; empty if it is not, so that the process must end. */
    public static Optional<String> reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isOutsideOfRecord(cause)) {
                return Optional.empty();
            }
            root = cause;
        }
        return Optional.of(line(root));
    }

    private static boolean isOutsideOfRecord(Throwable cause) {
        return switch (cause) {
            case StoreUnavailableException e -> true;
            case RegistryUnavailableException e -> true;
            case BrokerUnavailableException e -> true;
            case TransactionFailedException e -> true;
            case SettingException e -> true;
            case SerializationException e -> false;
            case RecordTooLargeException e -> false;
            case KafkaException e -> true;
            case FileSystemException e -> true;
            case SocketException e -> true;
            case UnknownHostException e -> true;
            case HttpTimeoutException e -> true;
            case TimeoutException e -> true;
            case ClosedChannelException e -> true;
            case IOException e when isOfDisk(e) -> true;
            case InterruptedException e -> true;
            case CancellationException e -> true;
            // Readers of files throw the checked one where bytes are wrong; wrapped, it is of a disk or a network.
            case UncheckedIOException e -> !isOfData(e.getCause());
            case OutOfMemoryError e -> !isOfHeap(e);
            case StackOverflowError e -> false;
            case Error e -> true;
            default -> false;
        };
    }

    private static boolean isOfData(@Nullable Throwable cause) {
        return cause instanceof EOFException
                || cause instanceof CharacterCodingException
                || cause instanceof UTFDataFormatException
                || cause instanceof ZipException
                || cause instanceof JsonProcessingException;
    }

    /** What the system calls say by a message only. */
    private static boolean isOfDisk(IOException e) {
        String message = String.valueOf(e.getMessage());
        return DISK.stream().anyMatch(message::endsWith);
    }

    /** Not of threads or of classes: no record takes those. */
    private static boolean isOfHeap(OutOfMemoryError e) {
        String message = String.valueOf(e.getMessage());
        return !message.contains("thread") && !message.contains("Metaspace");
    }

    private static String line(Throwable root) {
        String message = root.getMessage();
        String first = message == null
                ? ""
                : ": " + message.lines().findFirst().orElse("").strip();
        String where = Arrays.stream(root.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .findFirst()
                .map(frame -> " (%s:%d)".formatted(frame.getFileName(), frame.getLineNumber()))
                .orElse("");
        int room = MOST_REASON_CHARS - where.length();
        String what = (root.getClass().getSimpleName() + first).replaceAll("\\p{Cntrl}", "\uFFFD");
        return (what.length() > room ? what.substring(0, room) : what) + where;
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            CancellationException stopped = new CancellationException("interrupted");
            stopped.initCause(failure);
            return stopped;
        }
        if (failure instanceof ExecutionException && failure.getCause() instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new CompletionException(failure);
    }
}
