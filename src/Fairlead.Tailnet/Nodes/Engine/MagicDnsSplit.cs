using System.Runtime.CompilerServices;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>Of what the system sends into a TUN device, keeps what is for MagicDNS and lets the rest into the tunnel.</summary>
internal sealed class MagicDnsSplit(IPacketReceiver magicDns, IPacketLink tunnel) : IPacketLink
{
    private static readonly UInt128[] Addresses = [.. AddressPlan.MagicDns.Select(MappedAddress.From)];

    private bool _isWaiting;

    public int Mtu => tunnel.Mtu;

    public void Send(ReadOnlySpan<byte> packet)
    {
        if (IsForMagicDns(packet))
        {
            _isWaiting = true;
            magicDns.Receive(packet);
        }
        else
        {
            tunnel.Send(packet);
        }
    }

    public void Flush()
    {
        tunnel.Flush();
        if (_isWaiting)
        {
            _isWaiting = false;
            magicDns.EndOfBatch();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsForMagicDns(ReadOnlySpan<byte> packet) => packet.Length >= 40 && packet[0] >> 4 == 6
        ? MappedAddress.FromIPv6(packet[24..]) == Addresses[1]
        : packet.Length >= 20 && packet[0] >> 4 == 4 && MappedAddress.FromIPv4(packet[16..]) == Addresses[0];
}
