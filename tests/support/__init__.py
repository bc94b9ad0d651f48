"""What several tests share: LibreOffice, formula engines, the Open XML SDK validator, an own lint."""
