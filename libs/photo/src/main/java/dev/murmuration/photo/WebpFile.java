package dev.murmuration.photo;

import dev.murmuration.photo.vp8.Vp8Colours;
import dev.murmuration.photo.vp8.Vp8Exception;
import dev.murmuration.photo.vp8.Vp8Frame;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The first frame of a WebP (RFC 9649) on its canvas, surrounded by black. Transparency is dropped, not blended. */
final class WebpFile implements PhotoFile {

    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FRAME_HEADER = 16;

    /** A byte range of the file. */
    private record Block(int from, int length) {}

    private final Bytes bytes;
    private final int end;
    private Orientation orientation = Orientation.UPRIGHT;
    private int width;
    private int height;
    private int left;
    private int top;
    private Block frame = new Block(0, 0);
    private boolean isLossless;
    private int frameWidth;
    private int frameHeight;

    private WebpFile(Bytes bytes, int end) {
        this.bytes = bytes;
        this.end = end;
    }

    static WebpFile open(Bytes bytes) throws PhotoException {
        long claimed = CHUNK_HEADER + bytes.u32le(4);
        if (claimed > bytes.length()) {
            throw PhotoException.corrupt("cut short: WebP of %d bytes has %d".formatted(claimed, bytes.length()));
        }
        WebpFile file = new WebpFile(bytes, (int) claimed);
        if (bytes.isAt(FIRST_CHUNK, "VP8X")) {
            file.width = bytes.u24le(24) + 1;
            file.height = bytes.u24le(27) + 1;
        }
        file.chunks(FIRST_CHUNK, file.end);
        if (file.frame.length() == 0) {
            throw PhotoException.corrupt("WebP without a frame");
        }
        if (file.width == 0) {
            file.width = file.frameWidth;
            file.height = file.frameHeight;
        }
        if (file.left + file.frameWidth > file.width || file.top + file.frameHeight > file.height) {
            throw PhotoException.corrupt("WebP with a frame of %d x %d pixels outside its canvas"
                    .formatted(file.frameWidth, file.frameHeight));
        }
        return file;
    }

    // The chunks of the file and, if it is an animation, of its first frame.
    private void chunks(int from, int to) throws PhotoException {
        long at = from;
        while (at + CHUNK_HEADER <= to) {
            int here = (int) at;
            long length = bytes.u32le(here + 4);
            int body = here + CHUNK_HEADER;
            if (length > to - body) {
                throw PhotoException.corrupt("cut short: WebP chunk of %d bytes at byte %d".formatted(length, here));
            }
            Block block = new Block(body, (int) length);
            if (frame.length() == 0) {
                if (bytes.isAt(here, "VP8 ") && length > 0) {
                    lossy(block);
                } else if (bytes.isAt(here, "VP8L") && length > 0) {
                    lossless(block);
                } else if (bytes.isAt(here, "ANMF") && from == FIRST_CHUNK && length > FRAME_HEADER) {
                    left = 2 * bytes.u24le(body);
                    top = 2 * bytes.u24le(body + 3);
                    chunks(body + FRAME_HEADER, body + (int) length);
                }
            }
            if (bytes.isAt(here, "EXIF") && from == FIRST_CHUNK) {
                orientation = bytes.orientation(block.from(), block.length());
            }
            at += CHUNK_HEADER + length + (length & 1);
        }
    }

    private void lossy(Block block) throws PhotoException {
        frame = block;
        frameWidth = bytes.u16le(block.from() + 6) & 0x3fff;
        frameHeight = bytes.u16le(block.from() + 8) & 0x3fff;
    }

    private void lossless(Block block) throws PhotoException {
        frame = block;
        isLossless = true;
        long packed = bytes.u32le(block.from() + 1);
        frameWidth = (int) (packed & 0x3fff) + 1;
        frameHeight = (int) ((packed >> 14) & 0x3fff) + 1;
    }

    @Override
    public Header header() {
        return new Header(Format.WEBP, width, height, orientation, 1);
    }

    private interface Rows {
        void read(int y, byte[] rgb);
    }

    @Override
    public void decode(Canvas canvas, Deadline deadline) throws IOException {
        Rows rows = isLossless ? lossless(Readers.webp(alone(), deadline)) : lossy(deadline);
        byte[] shown = new byte[3 * frameWidth];
        byte[] row = new byte[3 * width];
        byte[] free = new byte[3 * width];
        for (int y = 0; y < height; y++) {
            if (!canvas.keeps(y)) {
                continue;
            }
            boolean isCovered = y >= top && y < top + frameHeight;
            if (isCovered) {
                rows.read(y - top, shown);
                System.arraycopy(shown, 0, row, 3 * left, shown.length);
            }
            canvas.whole(y, isCovered ? row : free);
        }
    }

    private Rows lossy(Deadline deadline) throws IOException {
        try {
            Vp8Frame decoded = new Vp8Frame(bytes.all(), frame.from(), frame.from() + frame.length(), deadline::check);
            decoded.decode();
            return new Vp8Colours(decoded)::row;
        } catch (Vp8Exception e) {
            throw PhotoException.corrupt(String.valueOf(e.getMessage()));
        }
    }

    private Rows lossless(Raster raster) throws PhotoException {
        if (raster.getWidth() != frameWidth || raster.getHeight() != frameHeight || raster.getNumBands() < 3) {
            throw PhotoException.corrupt("WebP whose frame is not as large as it says");
        }
        int bands = raster.getNumBands();
        int[] samples = new int[bands * frameWidth];
        return (y, rgb) -> {
            raster.getPixels(0, y, frameWidth, 1, samples);
            for (int x = 0; x < frameWidth; x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * x + c] = (byte) samples[bands * x + c];
                }
            }
        };
    }

    // A file with only the frame, without profile and metadata.
    private byte[] alone() {
        int padded = frame.length() + (frame.length() & 1);
        return ByteBuffer.allocate(FIRST_CHUNK + CHUNK_HEADER + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(FIRST_CHUNK + padded)
                .put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII))
                .putInt(frame.length())
                .put(bytes.all(), frame.from(), frame.length())
                .array();
    }
}
