using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fairlead.Proxy.Tests.Netfilter.Namespaces;

/// <summary>
/// A network namespace in this process. Sockets belong to the namespace of the thread that makes them, whichever threads use them later:
/// what is made here is made on threads of the namespace's own.
/// </summary>
internal sealed partial class NetworkSpace : IDisposable
{
    // linux/sched.h
    private const int NewNetwork = 0x40000000;

    private readonly SafeFileHandle _handle;

    private NetworkSpace(SafeFileHandle handle) => _handle = handle;

    public int Descriptor => (int)_handle.DangerousGetHandle();

    public static NetworkSpace Create() => new(OnThread(() =>
    {
        Check(Unshare(NewNetwork), "unshare");
        return File.OpenHandle("/proc/thread-self/ns/net");
    }));

    /// <summary>The namespace that the process is in.</summary>
    public static NetworkSpace Current() => new(File.OpenHandle("/proc/self/ns/net"));

    public T Run<T>(Func<T> action) => OnThread(() =>
    {
        Check(Enter(Descriptor, NewNetwork), "setns");
        return action();
    });

    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    public void Dispose() => _handle.Dispose();

    private static T OnThread<T>(Func<T> action)
    {
        var result = default(T);
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = action();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new InvalidOperationException("It failed in another network namespace.", failure);
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call} failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int Enter(int descriptor, int type);
}
