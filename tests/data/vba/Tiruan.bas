Attribute VB_Name = "Tiruan"
Option Explicit

' Stands in for xlwings and for the dialog that chooses a folder: notes what is asked of both.

Public Folder As String
Public Asks As Long
Private Noted As String
Private Outcome As Long
Private Refuses As Boolean
Private PressAgain As Boolean
Private StatusText As String

Public Sub Prepare(ByVal ChosenFolder As String, ByVal PythonOutcome As Long, ByVal PythonRefuses As Boolean, ByVal SecondClick As Boolean)
    Noted = ""
    Asks = 0
    Application.StatusBar = False
    Folder = ChosenFolder
    Outcome = PythonOutcome
    Refuses = PythonRefuses
    PressAgain = SecondClick
End Sub

Public Function Told() As String
    Told = Noted
End Function

Public Function Asked() As Long
    Asked = Asks
End Function

Public Function Shown() As String
    Shown = CStr(Application.StatusBar)
End Function

Public Function ShownMeanwhile() As String
    ShownMeanwhile = StatusText
End Function

Public Function FolderDialog(ByVal Kind As Long) As Object
    If Kind <> 4 Then Err.Raise 5
    Set FolderDialog = New DialogTiruan
End Function

Public Function RunPython(PythonCommand As String)
    Noted = Noted & PythonCommand
    StatusText = CStr(Application.StatusBar)
    If Refuses Then Err.Raise 1000, "Tiruan", "DLL tidak ada"
    If PressAgain Then Nilai
    RunPython = Outcome
End Function

Public Function XLPy() As Object
    Err.Raise 1000, "Tiruan", "DLL tidak ada"
End Function
