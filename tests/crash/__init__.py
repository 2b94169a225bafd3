"""The program is ended by force, as a power cut would; each module runs alone with as many times as are asked for."""
