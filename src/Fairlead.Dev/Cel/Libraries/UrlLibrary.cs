using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The Kubernetes URL library.</summary>
internal static class UrlLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("url", [CelKind.String], CelType.Url, a => CelUrl.TryParse(a.Text(0), out var url)
            ? url
            : CelError.Invalid($"'{a.Text(0)}' is no absolute URL"));
        table.Global("isURL", [CelKind.String], CelType.Bool, a => CelValue.Of(CelUrl.TryParse(a.Text(0), out _)));
        table.Member("getScheme", [Url], CelType.String, a => new CelString(a.As<CelUrl>(0).Scheme));
        table.Member("getHost", [Url], CelType.String, a => new CelString(a.As<CelUrl>(0).Host));
        table.Member("getHostname", [Url], CelType.String, a => new CelString(a.As<CelUrl>(0).HostName));
        table.Member("getPort", [Url], CelType.String, a => new CelString(a.As<CelUrl>(0).Port));
        table.Member("getEscapedPath", [Url], CelType.String, a => new CelString(a.As<CelUrl>(0).EscapedPath));
        table.Member("getQuery", [Url], CelType.MapOf(CelType.ListOf(CelType.String)), a => a.As<CelUrl>(0).Query());
    }
}
