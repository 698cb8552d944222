using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Registration;

/// <summary>The machine is a node.</summary>
/// <param name="NodeKey">The key it is a node by: another than before if that had expired.</param>
/// <param name="MachineAuthorized">False while an administrator has yet to approve it.</param>
/// <param name="IsExpired">The server took the key in an earlier renewal, and it has expired since.</param>
internal sealed record NodeRegistration(NodePrivateKey NodeKey, User? User, Login? Login, bool MachineAuthorized, bool IsExpired = false);
