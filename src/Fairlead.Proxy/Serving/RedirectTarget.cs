using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Proxy.Serving;

/// <summary>Where a request is told to go instead.</summary>
/// <param name="Status">300 to 399.</param>
/// <param name="Location">A URL or path, with <c>${HOST}</c> and <c>${REQUEST_URI}</c>.</param>
internal readonly record struct RedirectTarget(int Status, string Location)
{
    private const int CodeLength = 3;

    /// <summary><c>[code:]url</c>, 302 without a code; null if the code does not redirect, or the URL has what no header may.</summary>
    public static RedirectTarget? TryParse(string text)
    {
        var target = new RedirectTarget(StatusCodes.Status302Found, text);
        if (text.IndexOf(':', StringComparison.Ordinal) == CodeLength && int.TryParse(text.AsSpan(0, CodeLength), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            target = new RedirectTarget(code, text[(CodeLength + 1)..]);
        }

        return target.Status is >= 300 and <= 399 && target.Location.Length > 0 && target.Location.All(c => c is > ' ' and <= '~') ? target : null;
    }
}
