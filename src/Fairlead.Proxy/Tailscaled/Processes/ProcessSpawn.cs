using System.ComponentModel;
using System.Runtime.InteropServices;
using Fairlead.Proxy.Hosting;

namespace Fairlead.Proxy.Tailscaled.Processes;

/// <summary>
/// Starts a program in a process group of its own, which the framework's own class cannot: a signal to this process's group, as Ctrl-C in a
/// terminal, must not end the child before the shutdown that leads up to it.
/// </summary>
internal static unsafe partial class ProcessSpawn
{
    // spawn.h has the same values in glibc and musl.
    private const short SetProcessGroup = 0x02;
    private const short SetSignalDefaults = 0x04;

    /// <summary>Larger than the C libraries' types for attributes and actions (336 and 80 bytes), whose form is their own.</summary>
    private const int OpaqueSize = 1024;
    private const int SignalSetSize = 128;
    private const int ReadOnlyFlag = 0;

    /// <param name="output">Descriptor that standard output and standard error lead to.</param>
    /// <returns>The process's ID.</returns>
    /// <exception cref="ProxyException">The program cannot be started.</exception>
    public static int Start(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, SafeHandle output)
    {
        var attributes = stackalloc byte[OpaqueSize];
        var actions = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[SignalSetSize];
        new Span<byte>(signals, SignalSetSize).Clear();
        var argv = Strings([program, .. arguments]);
        var envp = Strings(environment.Select(variable => $"{variable.Key}={variable.Value}"));
        var isHeld = false;
        output.DangerousAddRef(ref isHeld);
        Check(program, AttributesInit(attributes));
        Check(program, ActionsInit(actions));
        try
        {
            // This runtime ignores broken pipes, and what is ignored stays so in a new program.
            signals[((int)LinuxSignal.BrokenPipe - 1) / 8] = 1 << (((int)LinuxSignal.BrokenPipe - 1) % 8);
            Check(program, AttributesSetSignals(attributes, signals));
            Check(program, AttributesSetGroup(attributes, 0));
            Check(program, AttributesSetFlags(attributes, SetProcessGroup | SetSignalDefaults));
            Check(program, ActionsAddOpen(actions, 0, "/dev/null", ReadOnlyFlag, 0));
            Check(program, ActionsAddDuplicate(actions, (int)output.DangerousGetHandle(), 1));
            Check(program, ActionsAddDuplicate(actions, (int)output.DangerousGetHandle(), 2));
            Check(program, Spawn(out var id, program, actions, attributes, argv, envp));
            return id;
        }
        finally
        {
            output.DangerousRelease();
            _ = ActionsDestroy(actions);
            _ = AttributesDestroy(attributes);
            Free(argv);
            Free(envp);
        }
    }

    private static void Check(string program, int error)
    {
        if (error != 0)
        {
            throw new ProxyException($"{program} cannot be started: {new Win32Exception(error).Message}; it must be on PATH and executable.");
        }
    }

    private static byte** Strings(IEnumerable<string> values)
    {
        var list = values.ToList();
        var strings = (byte**)NativeMemory.Alloc((nuint)(list.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < list.Count; i++)
        {
            strings[i] = (byte*)Marshal.StringToCoTaskMemUTF8(list[i]);
        }

        strings[list.Count] = null;
        return strings;
    }

    private static void Free(byte** strings)
    {
        for (var i = 0; strings[i] is not null; i++)
        {
            // An environment may hold secrets.
            Marshal.ZeroFreeCoTaskMemUTF8((nint)strings[i]);
        }

        NativeMemory.Free(strings);
    }

    [LibraryImport("libc", EntryPoint = "posix_spawnp", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int id, string program, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int AttributesInit(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int AttributesDestroy(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int AttributesSetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int AttributesSetGroup(byte* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int AttributesSetSignals(byte* attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int ActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int ActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int ActionsAddDuplicate(byte* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ActionsAddOpen(byte* actions, int descriptor, string path, int flags, uint mode);
}
