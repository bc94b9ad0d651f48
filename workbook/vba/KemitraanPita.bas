Attribute VB_Name = "KemitraanPita"
Option Explicit

' What the buttons of the ribbon tab call (customUI14.xml): each runs the macro of the same name.

Public Sub PitaTerbitkanTemplat(control As IRibbonControl)
    TerbitkanTemplat
End Sub

Public Sub PitaKembalikan(control As IRibbonControl)
    Kembalikan
End Sub

Public Sub PitaCetakLampiran(control As IRibbonControl)
    CetakLampiran
End Sub

Public Sub PitaKonsolidasi(control As IRibbonControl)
    Konsolidasi
End Sub

Public Sub PitaPratinjau(control As IRibbonControl)
    Pratinjau
End Sub

Public Sub PitaImporFolder(control As IRibbonControl)
    ImporFolder
End Sub

Public Sub PitaNilai(control As IRibbonControl)
    Nilai
End Sub

Public Sub PitaSahkan(control As IRibbonControl)
    Sahkan
End Sub

Public Sub PitaPeriksaBuku(control As IRibbonControl)
    PeriksaBuku
End Sub

Public Sub PitaJejak(control As IRibbonControl)
    Jejak
End Sub

Public Sub PitaBukaSumber(control As IRibbonControl)
    BukaSumber
End Sub

Public Sub PitaPeriksaPemasangan(control As IRibbonControl)
    PeriksaPemasangan
End Sub

Public Sub PitaGantiNamaFungsi(control As IRibbonControl)
    GantiNamaFungsi
End Sub
