using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Listing;

/// <summary>Where a paged list goes on.</summary>
/// <param name="Version">Version of the snapshot all pages come from; <see cref="Newest"/> when consistency was given up.</param>
/// <param name="Last">Last object already told.</param>
internal sealed record ContinueToken(long Version, ObjectKey Last)
{
    public const long Newest = -1;
    private const string Format = "fairlead.v1";

    public string Encode() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"{Format} {Version} {Last.Namespace}/{Last.Name}")));

    /// <exception cref="ApiStatusException">400 when the text is no token of this server.</exception>
    public static ContinueToken Decode(string text)
    {
        byte[] bytes;
        try
        {
            bytes = Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw Error();
        }

        var parts = Encoding.UTF8.GetString(bytes).Split(' ', 3);
        if (parts.Length != 3 || parts[0] != Format || !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var version))
            throw Error();
        var slash = parts[2].IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? throw Error() : new ContinueToken(version, new ObjectKey(parts[2][..slash], parts[2][(slash + 1)..]));
    }

    private static ApiStatusException Error() => ApiErrors.BadRequest("continue key is not valid: it was not issued by this server");
}
