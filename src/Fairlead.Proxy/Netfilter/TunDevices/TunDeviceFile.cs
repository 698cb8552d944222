using System.ComponentModel;
using System.Runtime.InteropServices;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Netfilter.TunDevices;

/// <summary>The file through which a tailscaled gets its TUN device; container runtimes leave it out.</summary>
public static partial class TunDeviceFile
{
    public const string DefaultPath = "/dev/net/tun";

    // The kernel's list of devices: "misc", number 200 "TAP/TUN network device".
    private const uint Major = 10;
    private const uint Minor = 200;

    // sys/stat.h: a character device that its owner may read and write.
    private const uint CharacterDevice = 0x2000;
    private const uint OwnerOnly = 0x180;
    private const int ErrorExists = 17;

    /// <summary>Makes the file unless it is there.</summary>
    /// <exception cref="ForwardingException">It cannot be made.</exception>
    public static void Ensure(string path = DefaultPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, e.Message, e);
        }

        if (MakeNode(path, CharacterDevice | OwnerOnly, (Major << 8) | Minor) != 0 && Marshal.GetLastPInvokeError() is not ErrorExists and var error)
        {
            throw Failure(path, $"{new Win32Exception(error).Message} (errno {error}).", null);
        }
    }

    private static ForwardingException Failure(string path, string reason, Exception? inner)
    {
        var message = $"The TUN device file {path} is missing and cannot be made: {reason} Run the proxy privileged or with CAP_MKNOD, mount the node's {path}, or set TS_USERSPACE=true.";
        return inner is null ? new(message) : new(message, inner);
    }

    // dev_t has 64 bits in both glibc and musl; numbers below 256 stand in its low 16 bits as major and minor.
    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeNode(string path, uint mode, ulong device);
}
