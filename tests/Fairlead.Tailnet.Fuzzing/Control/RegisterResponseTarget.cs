using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Registration;

namespace Fairlead.Tailnet.Fuzzing.Control;

/// <summary>Registrations, asked for and answered.</summary>
internal sealed class RegisterResponseTarget : IFuzzTarget
{
    public string Name => "register";

    public IEnumerable<byte[]> Seeds =>
    [
        """{"User":{"ID":1,"DisplayName":"a","Created":"2026-01-02T03:04:05Z"},"Login":{"ID":2,"Provider":"p","LoginName":"a@x"},"NodeKeyExpired":true,"MachineAuthorized":true,"AuthURL":"https://x/","NodeKeySignature":"AQI=","Error":"e"}"""u8.ToArray(),
        """{"Version":145,"NodeKey":"nodekey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","OldNodeKey":"","Auth":{"AuthKey":"k","Oauth2Token":{"access_token":"t","expiry":"2026-01-02T03:04:05Z"}},"Expiry":"1970-01-01T00:02:03Z","Followup":"f","Hostinfo":{"BackendLogID":"l"},"Ephemeral":true}"""u8.ToArray(),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        Read<RegisterResponse>(input);
        Read<RegisterRequest>(input);
    }

    private static void Read<T>(ReadOnlySpan<byte> input)
        where T : class
    {
        try
        {
            _ = ControlJson.Serialize(ControlJson.Deserialize<T>(input));
        }
        catch (JsonException)
        {
        }
    }
}
