"""Eight short lessons and a glossary, about what the station itself has received."""
