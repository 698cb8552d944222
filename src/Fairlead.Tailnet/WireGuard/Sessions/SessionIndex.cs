using System.Collections.Concurrent;
using System.Security.Cryptography;
using Fairlead.Tailnet.WireGuard.Peers;

namespace Fairlead.Tailnet.WireGuard.Sessions;

/// <summary>
/// Finds by the random number that messages are addressed to: a session, or the peer that a handshake is in progress with. Read without
/// a lock.
/// </summary>
internal sealed class SessionIndex
{
    private readonly ConcurrentDictionary<uint, object> _entries = new(concurrencyLevel: 1, capacity: 0);

    /// <summary>A new number, which leads to the peer.</summary>
    public uint Reserve(Peer peer)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        while (true)
        {
            RandomNumberGenerator.Fill(bytes);
            var index = BitConverter.ToUInt32(bytes);
            if (_entries.TryAdd(index, peer))
            {
                return index;
            }
        }
    }

    /// <summary>From now on the number leads to the session.</summary>
    public void Assign(TransportSession session) => _entries[session.LocalIndex] = session;

    public void Release(uint index) => _entries.TryRemove(index, out _);

    public TransportSession? FindSession(uint index) => _entries.TryGetValue(index, out var entry) ? entry as TransportSession : null;

    /// <summary>The peer of the session or the handshake in progress.</summary>
    public Peer? FindPeer(uint index) =>
        _entries.TryGetValue(index, out var entry) ? entry as Peer ?? ((TransportSession)entry).Peer : null;
}
