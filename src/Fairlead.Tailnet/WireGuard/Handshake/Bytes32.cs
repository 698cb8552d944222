using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.WireGuard.Handshake;

/// <summary>A key or a hash, held by value.</summary>
[InlineArray(Size)]
internal struct Bytes32
{
    public const int Size = 32;

    private byte _first;

    public void Wipe() => CryptographicOperations.ZeroMemory(this);
}
