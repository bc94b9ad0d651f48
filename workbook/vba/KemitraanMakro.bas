Attribute VB_Name = "KemitraanMakro"
Option Explicit

' The macros of Kemitraan KPAI. Each asks for the folders it needs, then hands over to Python, which reads
' the workbook, works and writes. Nothing is computed here.
'
' A folder travels as hexadecimal UTF-16, so that any path passes through a command line of plain ASCII.

Private Const TITLE As String = "Kemitraan KPAI"
Private Const FOLDER_PICKER As Long = 4 ' msoFileDialogFolderPicker
Private Const CHOSEN As Long = -1

Private Busy As Boolean

Public Sub TerbitkanTemplat()
    RunMacro "terbitkan_templat", "Terbitkan Templat", False, True
End Sub

Public Sub Kembalikan()
    RunMacro "kembalikan", "Kembalikan", True, True
End Sub

Public Sub CetakLampiran()
    RunMacro "cetak_lampiran", "Cetak Lampiran", False, True
End Sub

Public Sub Konsolidasi()
    RunMacro "konsolidasi", "Konsolidasi", True, False
End Sub

Public Sub Pratinjau()
    RunMacro "pratinjau", "Pratinjau", True, False
End Sub

Public Sub ImporFolder()
    RunMacro "impor_folder", "Impor Folder", True, False
End Sub

Public Sub Nilai()
    RunMacro "nilai", "Nilai", False, False
End Sub

Public Sub Sahkan()
    RunMacro "sahkan", "Sahkan", False, False
End Sub

Public Sub PeriksaBuku()
    RunMacro "periksa_buku", "Periksa Buku Ini", False, False
End Sub

Public Sub Jejak()
    RunMacro "jejak", "Jejak", False, False
End Sub

Public Sub BukaSumber()
    RunMacro "buka_sumber", "Buka Sumber", False, False
End Sub

Public Sub PeriksaPemasangan()
    RunMacro "periksa_pemasangan", "Periksa Pemasangan", False, False
End Sub

Public Sub GantiNamaFungsi()
    RunMacro "ganti_nama_fungsi", "Ganti Nama Fungsi", False, False
End Sub

' One macro at a time; a cancelled folder ends it quietly. Inbox: a folder of files handed in. Outbox: a folder
' for the files made.
Private Sub RunMacro(ByVal Macro As String, ByVal Label As String, ByVal Inbox As Boolean, ByVal Outbox As Boolean)
    Dim Source As String, Target As String
    If Busy Then
        MsgBox "Kemitraan masih bekerja. Tunggu sampai selesai, lalu tekan lagi.", vbExclamation, TITLE
        Exit Sub
    End If
    If ActiveWorkbook Is Nothing Then
        MsgBox "Buka dahulu buku kerja kemitraan, lalu tekan lagi.", vbExclamation, TITLE
        Exit Sub
    End If
    Busy = True
    On Error GoTo Failed
    If Inbox Then
        Source = PickFolder(Label & ": pilih folder berkas kiriman mitra")
        If Source = "" Then GoTo Done
    End If
    If Outbox Then
        Target = PickFolder(Label & ": pilih folder untuk menyimpan hasil")
        If Target = "" Then GoTo Done
    End If
    Application.StatusBar = Label & " sedang berjalan ..."
    RunPython "import udfs.classic; udfs.classic.jalankan('" & Macro & "', '" & _
        Hexed(Source) & "', '" & Hexed(Target) & "')"
Done:
    Application.StatusBar = False
    Busy = False
    Exit Sub
Failed:
    Application.StatusBar = False
    Busy = False
    MsgBox Label & " tidak dapat dijalankan; jalankan kemitraan dokter untuk mengetahui sebabnya (" & _
        Err.Description & ").", vbCritical, TITLE
End Sub

' The chosen folder, or "" when the dialog was cancelled.
Private Function PickFolder(ByVal Prompt As String) As String
    Dim Picker As Object
    Set Picker = Application.FileDialog(FOLDER_PICKER)
    Picker.Title = Prompt
    Picker.AllowMultiSelect = False
    If Picker.Show = CHOSEN Then PickFolder = Picker.SelectedItems(1)
End Function

' The text as UTF-16, big end first, four hexadecimal digits for each unit.
Private Function Hexed(ByVal Text As String) As String
    Dim Position As Long
    For Position = 1 To Len(Text)
        Hexed = Hexed & Right$("000" & Hex$(AscW(Mid$(Text, Position, 1)) And &HFFFF&), 4)
    Next Position
End Function
