"""The window on a virtual screen, with a real mouse and a real keyboard: Xvfb and xdotool."""
