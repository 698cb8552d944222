using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Dev.Tailnet.Coordination.Transport;

/// <summary>Connection feature: which machine is at the other end, proven by the handshake.</summary>
/// <param name="Machine">Its key.</param>
/// <param name="Version">The protocol version of the handshake.</param>
internal sealed record MachineConnection(MachinePublicKey Machine, int Version);
