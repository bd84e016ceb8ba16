/** Checks of settings: what a value may be is written beside the setting, and everything that is wrong is reported together. */
@NullMarked
package dev.murmuration.stage.settings;

import org.jspecify.annotations.NullMarked;
