package dev.murmuration.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.murmuration.schemas.RegistryUnavailableException;
import dev.murmuration.stage.commit.TransactionFailedException;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.StoreUnavailableException;
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
 * Confines a failure caused by one record to that record: it becomes a rejection or a dead letter with its reason, and the stream
 * continues. This class alone decides, for all stages, which failures those are.
 *
 * <p>A failure ends the process instead if it comes from the infrastructure (store, registry, broker, disk, network), from a setting or
 * from the build (a missing class or native library), or if the work was interrupted, because the next record would meet the same failure.
 * Everything else thrown by work on one record is attributed to the record, including a bug that only such a record triggers and running
 * out of heap or stack.
 *
 * <p>The work must have no side effects when it throws, and must commit nothing: transactions stay outside.
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
     * Returns the result of work on one record, or the result of {@code refuse} if the record caused the work to fail.
     *
     * @param work on this record alone
     * @param refuse makes a rejection or a dead letter from a reason, one human-readable line
     * @throws RuntimeException or Error if the record is not the cause; the process must end
     */
    public static <T> T isolate(Callable<T> work, Function<String, T> refuse) {
        return isolate(work, refuse, () -> {});
    }

    /**
     * As {@link #isolate(Callable, Function)}, with a probe that tests whether the work succeeds for any record at all.
     *
     * @param probe the same work on a record that every version of the program can process; run after a failure; if it fails too, the first
     *     record was not the cause
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

    /** Returns why a record caused this failure, in one human-readable line; empty if it did not and the process must end. */
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
            // File readers throw the checked exception for malformed bytes; a wrapped one comes from disk or network.
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

    /** Disk failures that system calls report only in the message. */
    private static boolean isOfDisk(IOException e) {
        String message = String.valueOf(e.getMessage());
        return DISK.stream().anyMatch(message::endsWith);
    }

    /** False for threads and class metadata, which no record can exhaust. */
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
