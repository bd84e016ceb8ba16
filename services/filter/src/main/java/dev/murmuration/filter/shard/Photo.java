package dev.murmuration.filter.shard;

/** A photo on its way into a shard. */
sealed interface Photo {

    /** As a shard holds it. */
    final class Ready implements Photo {
        private final byte[] jpeg;
        private final boolean isOriginal;

        Ready(byte[] jpeg, boolean isOriginal) {
            this.jpeg = jpeg;
            this.isOriginal = isOriginal;
        }

        /** Its bytes, not to be changed. */
        byte[] jpeg() {
            return jpeg;
        }

        /** Whether they are the bytes that were crawled. */
        boolean isOriginal() {
            return isOriginal;
        }
    }

    /** It cannot be in any shard; reason and detail as in a rejection. */
    record Lost(String reason, String detail) implements Photo {

        static final String MISSING = "image-missing";
        static final String CORRUPT = "image-corrupt";
        static final String UNPROCESSABLE = "unprocessable";
    }
}
