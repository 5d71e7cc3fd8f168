// Finds Node 26 and starts the program.
