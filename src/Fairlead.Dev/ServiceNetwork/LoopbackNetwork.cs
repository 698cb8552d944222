using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>
/// A part of 127.0.0.0/8 that this process alone uses for the addresses of one cluster: Linux answers on all of them without
/// anybody setting them up. Disposing of it gives it back.
/// </summary>
public sealed class LoopbackNetwork : IDisposable
{
    /// <summary>Networks 127.64 to 127.250: the low ones are where people and programs put addresses of their own.</summary>
    private const int First = 64;
    private const int Last = 250;

    /// <summary>Whoever holds this port on a network's last address holds the network.</summary>
    private const int ClaimPort = 46127;

    private readonly Socket _claim;

    private LoopbackNetwork(int number, Socket claim)
    {
        _claim = claim;
        ServiceRange = new IPNetwork(new IPAddress([127, (byte)number, 0, 0]), 17);
        PodRange = new IPNetwork(new IPAddress([127, (byte)number, 128, 0]), 17);
    }

    /// <summary>Where ClusterIPs come from; goes into the embedded cluster's options.</summary>
    public IPNetwork ServiceRange { get; }

    /// <summary>Where the addresses of Pods come from.</summary>
    public IPNetwork PodRange { get; }

    /// <summary>The address of the node, as Pods see it: the first of <see cref="PodRange"/>.</summary>
    public IPAddress NodeAddress => AddressAt(PodRange, 1);

    /// <summary>Takes the first network that no other process holds.</summary>
    /// <exception cref="InvalidOperationException">All are taken, or this system has one loopback address only.</exception>
    public static LoopbackNetwork Claim()
    {
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("running Pods as local processes needs Linux, where all of 127.0.0.0/8 is the machine's own");
        for (var number = First; number <= Last; number++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
            try
            {
                socket.Bind(new IPEndPoint(new IPAddress([127, (byte)number, 255, 254]), ClaimPort));
                socket.Listen(1);
                return new LoopbackNetwork(number, socket);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new InvalidOperationException(
            $"all loopback networks from 127.{First}.0.0/16 to 127.{Last}.0.0/16 are in use; end a development cluster that is no longer needed");
    }

    public void Dispose() => _claim.Dispose();

    internal static IPAddress AddressAt(IPNetwork network, int offset)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        bytes[2] += (byte)(offset >> 8);
        bytes[3] += (byte)offset;
        return new IPAddress(bytes);
    }
}
