package dev.murmuration.evaluator.map;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.SequencedMap;

/** Photos in rows under headings, as the T4SA page shows a data set: the most confident predictions of each kind. */
public final class ContactSheet {

    private static final int HEADING = 22;
    private static final int CAPTION = 16;
    private static final int GAP = 6;

    private ContactSheet() {}

    /**
     * One photo of the sheet.
     *
     * @param picture upright, of any size
     * @param caption below it
     */
    public record Tile(BufferedImage picture, String caption) {}

    /**
     * Draws the sheet.
     *
     * @param rows by heading; an empty row shows its heading only
     * @param tile side of a tile in pixels
     * @param across the most tiles of a row
     */
    public static BufferedImage draw(SequencedMap<String, List<Tile>> rows, int tile, int across) {
        int width = GAP + across * (tile + GAP);
        int height = GAP;
        for (List<Tile> tiles : rows.values()) {
            height += HEADING + (tiles.isEmpty() ? 0 : tile + CAPTION) + GAP;
        }
        BufferedImage sheet = Picture.canvas(width, height);
        Graphics2D graphics = sheet.createGraphics();
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
        int y = GAP;
        for (var row : rows.entrySet()) {
            graphics.setColor(Color.BLACK);
            graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 13));
            graphics.drawString(row.getKey(), GAP, y + HEADING - 7);
            y += HEADING;
            graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
            for (int i = 0; i < Math.min(across, row.getValue().size()); i++) {
                draw(graphics, row.getValue().get(i), GAP + i * (tile + GAP), y, tile);
            }
            y += (row.getValue().isEmpty() ? 0 : tile + CAPTION) + GAP;
        }
        graphics.dispose();
        return sheet;
    }

    private static void draw(Graphics2D graphics, Tile tile, int x, int y, int side) {
        BufferedImage picture = tile.picture();
        double scale = (double) side / Math.max(picture.getWidth(), picture.getHeight());
        int width = Math.max(1, (int) Math.round(scale * picture.getWidth()));
        int height = Math.max(1, (int) Math.round(scale * picture.getHeight()));
        graphics.setColor(new Color(0xeeeeee));
        graphics.fillRect(x, y, side, side);
        graphics.drawImage(picture, x + (side - width) / 2, y + (side - height) / 2, width, height, null);
        graphics.setColor(Color.DARK_GRAY);
        graphics.drawString(tile.caption(), x, y + side + CAPTION - 4);
    }
}
