using System.Runtime.InteropServices;

namespace Fairlead.Dev.Runner.Processes;

/// <summary>What the class library has no call for.</summary>
internal static partial class LibC
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);
}
