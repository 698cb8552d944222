using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Derp;

/// <summary>Tells what goes wrong with networks and relays from what goes wrong in here.</summary>
internal static class DerpFailure
{
    public static bool IsExpected(Exception e) =>
        e is IOException or SocketException or AuthenticationException or CryptographicException or TimeoutException or ObjectDisposedException;
}
