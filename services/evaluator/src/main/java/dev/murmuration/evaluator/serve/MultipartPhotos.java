package dev.murmuration.evaluator.serve;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a {@code multipart/form-data} body (RFC 7578), which is held in memory as a whole: the parts with a file name, in order.
 * Fields without one are skipped. Quarkus's own reader writes each part to a file before counting them, and answers a malformed form with a
 * 500.
 *
 * @param files in the order of the form
 */
record MultipartPhotos(List<File> files) {

    private static final Pattern BOUNDARY = Pattern.compile(
            "(?i)multipart/form-data\\s*;(?:[^\"]*;)?\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))\\s*(?:;.*)?");
    private static final Pattern FILE_NAME =
            Pattern.compile("(?i)[;\\s]filename=(?:\"((?:[^\"\\\\]|\\\\.){0,1000})\"|([^;\\s\"]{0,1000}))");
    private static final Pattern DISPOSITION = Pattern.compile("(?im)^Content-Disposition:[ \\t]*(form-data\\b.*)$");
    private static final int MAX_HEAD_BYTES = 4_096;

    /** One file. Not a record, because arrays have no useful equality. */
    static final class File {
        private final String name;
        private final byte[] bytes;

        File(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        /** Returns the name given by the client. */
        String name() {
            return name;
        }

        /** Returns the content. */
        byte[] bytes() {
            return bytes;
        }
    }

    /** A body that is not such a form, or has too many parts. */
    static final class FormException extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean tooMany;

        FormException(String problem, boolean tooMany) {
            super(problem);
            this.tooMany = tooMany;
        }

        /** Whether there were more parts than are accepted. */
        boolean isTooMany() {
            return tooMany;
        }
    }

    /**
     * Reads a form.
     *
     * @param contentType the header, with the boundary
     * @param maxFiles maximum number of files
     * @param setting the setting with that maximum, for the message
     * @throws FormException if it is truncated, has too many files, or more than that number of other fields
     */
    static MultipartPhotos parse(String contentType, byte[] body, int maxFiles, String setting) throws FormException {
        Matcher matcher = BOUNDARY.matcher(contentType);
        if (!matcher.matches()) {
            throw new FormException("the Content-Type of a form names its boundary", false);
        }
        String boundary = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        List<File> files = new ArrayList<>();
        int at = begin(body, delimiter);
        for (int part = 0; !endsAt(body, at); part++) {
            if (part == 2 * maxFiles) {
                throw new FormException("more than %d parts; %s = %d".formatted(part, setting, maxFiles), true);
            }
            int head = lineEnd(body, at);
            int content = indexOf(body, new byte[] {'\r', '\n', '\r', '\n'}, head - 2, head + MAX_HEAD_BYTES);
            int end = content < 0 ? -1 : indexOf(body, delimiter, Math.min(body.length, content + 2), body.length);
            if (end < 0) {
                throw new FormException("the form is cut off or damaged in part %d".formatted(part + 1), false);
            }
            String headers = new String(body, head, Math.max(0, content - head), StandardCharsets.UTF_8);
            Matcher disposition = DISPOSITION.matcher(headers);
            Matcher name = FILE_NAME.matcher(disposition.find() ? disposition.group(1) : "");
            if (name.find()) {
                if (files.size() == maxFiles) {
                    throw new FormException("more photos than %s = %d".formatted(setting, maxFiles), true);
                }
                files.add(new File(
                        name.group(1) == null ? name.group(2) : name.group(1).replaceAll("\\\\(.)", "$1"),
                        Arrays.copyOfRange(body, Math.min(content + 4, end), end)));
            }
            at = end + delimiter.length;
        }
        return new MultipartPhotos(List.copyOf(files));
    }

    /** Behind the first boundary, before which nothing or a line of its own stands. */
    private static int begin(byte[] body, byte[] delimiter) throws FormException {
        int length = delimiter.length - 2;
        if (body.length >= length && Arrays.equals(body, 0, length, delimiter, 2, delimiter.length)) {
            return length;
        }
        int found = indexOf(body, delimiter, 0, body.length);
        if (found < 0) {
            throw new FormException("the form does not start with its boundary", false);
        }
        return found + delimiter.length;
    }

    private static boolean endsAt(byte[] body, int at) {
        return at + 2 <= body.length && body[at] == '-' && body[at + 1] == '-';
    }

    /** Behind the line break of a boundary, which blanks may stand before. */
    private static int lineEnd(byte[] body, int from) throws FormException {
        int at = from;
        while (at < body.length && (body[at] == ' ' || body[at] == '\t')) {
            at++;
        }
        if (at + 2 > body.length || body[at] != '\r' || body[at + 1] != '\n') {
            throw new FormException("the form is cut off or damaged at byte %d".formatted(at), false);
        }
        return at + 2;
    }

    private static int indexOf(byte[] body, byte[] wanted, int from, int to) {
        int last = Math.min(body.length, to) - wanted.length;
        for (int i = from; i <= last; i++) {
            if (body[i] == wanted[0] && Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
