package dev.murmuration.photo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.murmuration.photo.jpeg.IrregularException;
import dev.murmuration.photo.jpeg.SequentialJpeg;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequentialJpegTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "baseline-420.jpg",
                "baseline-422.jpg",
                "baseline-440.jpg",
                "baseline-444.jpg",
                "gray.jpg",
                "coarse.jpg",
                "fine.jpg",
                "own-codes.jpg",
                "restarts.jpg",
                "16x33.jpg",
                "1x40.jpg",
                "2x3.jpg",
                "40x1.jpg",
                "8x8.jpg",
            })
    void decodesPlainPhotosToThePixelsOfPillow(String name) throws IOException {
        Photo pillow = Golden.pillow(name);

        byte[] rgb = decoded(Golden.photo(name), pillow.width(), pillow.height());

        assertThat(rgb).isEqualTo(pillow.rgb());
    }

    @ParameterizedTest
    @ValueSource(strings = {"progressive-420.jpg", "baseline-411.jpg", "cmyk.jpg"})
    void leavesOtherKindsToACompleteDecoder(String name) {
        byte[] photo = Golden.photo(name);

        assertThatExceptionOfType(IrregularException.class).isThrownBy(() -> SequentialJpeg.open(photo));
    }

    @Test
    void leavesAPhotoWhoseDataEndEarlyToACompleteDecoder() throws IOException {
        Photo pillow = Golden.pillow("baseline-420.jpg");
        byte[] photo = Golden.photo("baseline-420.jpg");
        byte[] cut = Arrays.copyOf(photo, photo.length * 3 / 4);

        assertThatExceptionOfType(IrregularException.class)
                .isThrownBy(() -> decoded(cut, pillow.width(), pillow.height()));
    }

    @Test
    void stopsWhenAskedTo() {
        IOException late = new IOException("late");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> SequentialJpeg.open(Golden.photo("baseline-420.jpg"))
                        .decode(new SequentialJpeg.Rows() {
                            @Override
                            public boolean isWanted(int y) {
                                return true;
                            }

                            @Override
                            public void put(int y, byte[] rgb) {
                                throw new AssertionError("a row after the end");
                            }

                            @Override
                            public void check() throws IOException {
                                throw late;
                            }
                        }))
                .isSameAs(late);
    }

    private static byte[] decoded(byte[] photo, int width, int height) throws IOException {
        byte[] all = new byte[3 * width * height];
        SequentialJpeg.open(photo).decode(new SequentialJpeg.Rows() {
            @Override
            public boolean isWanted(int y) {
                return true;
            }

            @Override
            public void put(int y, byte[] rgb) {
                System.arraycopy(rgb, 0, all, 3 * width * y, 3 * width);
            }

            @Override
            public void check() {}
        });
        return all;
    }
}
