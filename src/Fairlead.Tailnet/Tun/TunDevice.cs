using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace Fairlead.Tailnet.Tun;

/// <summary>
/// A Linux TUN device: IP packets that the system routes to it are read here, and those written here come in at the system. Needs
/// CAP_NET_ADMIN in its network namespace. The device goes with this object.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class TunDevice : IDisposable
{
    /// <summary>What one read takes at most: with offload off the device never has more than its MTU.</summary>
    public const int MaxPacket = 65_535;

    // linux/if_tun.h
    private const nuint SetInterface = 0x400454CA;
    private const short Tun = 0x0001;
    private const short NoPacketInformation = 0x1000;

    // linux/if.h: names have 15 characters and a zero; the request is 40 bytes on 64-bit systems.
    private const int MaxName = 15;
    private const int RequestSize = 40;
    private const int FlagsOffset = 16;

    private readonly int _descriptor;
    private readonly int _stopDescriptor;
    private int _disposed;

    private TunDevice(int descriptor, int stopDescriptor, string name)
    {
        _descriptor = descriptor;
        _stopDescriptor = stopDescriptor;
        Name = name;
        Index = (int)LinuxCalls.InterfaceIndex(name);
    }

    public string Name { get; }

    /// <summary>The interface's number, as netlink wants it.</summary>
    public int Index { get; }

    /// <param name="name">Up to 15 characters; one with <c>%d</c> in it gets a free number.</param>
    /// <exception cref="IOException">The device cannot be made: the right is missing, or the name is taken.</exception>
    public static TunDevice Create(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Encoding.UTF8.GetByteCount(name), MaxName, nameof(name));
        var descriptor = LinuxCalls.Open("/dev/net/tun", LinuxCalls.OpenReadWrite | LinuxCalls.OpenNonBlocking | LinuxCalls.OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw LinuxCalls.Failure("/dev/net/tun cannot be opened; load the tun module and give the process access");
        }

        Span<byte> request = stackalloc byte[RequestSize];
        request.Clear();
        Encoding.UTF8.GetBytes(name, request);
        short flags = Tun | NoPacketInformation;
        MemoryMarshal.Write(request[FlagsOffset..], flags);
        fixed (byte* pointer = request)
        {
            if (LinuxCalls.Ioctl(descriptor, SetInterface, pointer) < 0)
            {
                var failure = LinuxCalls.Failure($"TUN device '{name}' cannot be made; it takes CAP_NET_ADMIN and a name that is free");
                _ = LinuxCalls.Close(descriptor);
                throw failure;
            }
        }

        var given = Encoding.UTF8.GetString(request[..request.IndexOf((byte)0)]);
        var stop = LinuxCalls.EventDescriptor(0, LinuxCalls.OpenCloseOnExec | LinuxCalls.OpenNonBlocking);
        if (stop < 0)
        {
            var failure = LinuxCalls.Failure("No event descriptor is to be had");
            _ = LinuxCalls.Close(descriptor);
            throw failure;
        }

        return new TunDevice(descriptor, stop, given);
    }

    /// <summary>Reads one packet.</summary>
    /// <returns>Its length; 0 if none is at hand.</returns>
    /// <exception cref="IOException">The device is gone or down.</exception>
    public int Read(Span<byte> buffer)
    {
        while (true)
        {
            fixed (byte* pointer = buffer)
            {
                var length = LinuxCalls.Read(_descriptor, pointer, (nuint)buffer.Length);
                if (length >= 0)
                {
                    return (int)length;
                }
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case LinuxCalls.ErrorInterrupted:
                    continue;
                case LinuxCalls.ErrorAgain:
                    return 0;
                case var error:
                    throw LinuxCalls.FailureOf($"TUN device '{Name}' cannot be read", error);
            }
        }
    }

    /// <summary>Gives a packet to the system. One that it does not take is lost, as on any network. Safe for several threads.</summary>
    public void Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* pointer = packet)
        {
            _ = LinuxCalls.Write(_descriptor, pointer, (nuint)packet.Length);
        }
    }

    /// <summary>Blocks until a packet is at hand.</summary>
    /// <returns>False after <see cref="Stop"/>.</returns>
    public bool WaitForPacket()
    {
        var entries = stackalloc LinuxCalls.PollEntry[2];
        entries[0] = new LinuxCalls.PollEntry { Descriptor = _descriptor, Events = LinuxCalls.PollIn };
        entries[1] = new LinuxCalls.PollEntry { Descriptor = _stopDescriptor, Events = LinuxCalls.PollIn };
        while (LinuxCalls.Poll(entries, 2, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != LinuxCalls.ErrorInterrupted)
            {
                throw LinuxCalls.Failure($"TUN device '{Name}' cannot be waited for");
            }
        }

        return entries[1].Returned == 0;
    }

    /// <summary>Ends a wait, now and for ever.</summary>
    public void Stop()
    {
        ulong one = 1;
        _ = LinuxCalls.Write(_stopDescriptor, &one, sizeof(ulong));
    }

    /// <summary>To be called when nobody reads or writes any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ = LinuxCalls.Close(_descriptor);
            _ = LinuxCalls.Close(_stopDescriptor);
        }
    }
}
