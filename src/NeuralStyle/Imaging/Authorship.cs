using System.Xml;
using NetVips;

namespace NeuralStyle.Imaging;

/// <summary>
/// Who made a photograph and who owns it: the only facts about it that a result keeps. Place, time and camera are dropped.
/// </summary>
/// <param name="Artist">Null when the file does not say.</param>
/// <param name="Copyright">Null when the file does not say.</param>
public sealed record Authorship(string? Artist, string? Copyright)
{
    private const string Elements = "http://purl.org/dc/elements/1.1/", Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

    /// <summary>Whether there is anything to keep.</summary>
    public bool IsEmpty => Artist is null && Copyright is null;

    /// <summary>
    /// From XMP (Dublin Core), EXIF, the tags of a TIFF or the texts of a PNG, in this order: XMP holds every script, EXIF officially
    /// ASCII.
    /// </summary>
    internal static Authorship Of(Image image, TiffDirectory? tiff)
    {
        var exif = image.Contains("exif-data") && image.Get("exif-data") is byte[] data ? OfExif(data) : null;
        var tags = tiff is null ? null : new Authorship(tiff.Text(TiffDirectory.Artist), tiff.Text(TiffDirectory.Copyright));
        var xmp = image.Contains("xmp-data") && image.Get("xmp-data") is byte[] text ? OfXmp(text) : null;
        return new Authorship(xmp?.Artist ?? exif?.Artist ?? tags?.Artist ?? PngText(image, "Author"),
            xmp?.Copyright ?? exif?.Copyright ?? tags?.Copyright ?? PngText(image, "Copyright"));
    }

    /// <summary>
    /// A text in the form that libvips takes for EXIF: without the remark in brackets it would drop the text's own brackets. It writes
    /// ASCII, é as e and © as (C). Other characters would become question marks, so such a text is left to XMP.
    /// </summary>
    /// <returns>Null when EXIF cannot hold the text.</returns>
    internal static string? ForExif(string? text) =>
        text is not null && text.All(character => character is >= ' ' and <= '\u00ff') ? text + " (ASCII)" : null;

    /// <summary>The same as XMP, which every format holds, TIFF included, and in every script.</summary>
    internal byte[] ToXmp()
    {
        using var memory = new MemoryStream();
        using (var xml = XmlWriter.Create(memory,
            new XmlWriterSettings { OmitXmlDeclaration = true, Encoding = new System.Text.UTF8Encoding(false) }))
        {
            xml.WriteStartElement("x", "xmpmeta", "adobe:ns:meta/");
            xml.WriteStartElement("rdf", "RDF", Rdf);
            xml.WriteStartElement("rdf", "Description", Rdf);
            xml.WriteAttributeString("rdf", "about", Rdf, "");
            if (Artist is not null) WriteList(xml, "creator", "Seq", Artist);
            if (Copyright is not null) WriteList(xml, "rights", "Alt", Copyright);
            xml.WriteEndElement();
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return memory.ToArray();
    }

    private static void WriteList(XmlWriter xml, string name, string list, string text)
    {
        xml.WriteStartElement("dc", name, Elements);
        xml.WriteStartElement("rdf", list, Rdf);
        xml.WriteStartElement("rdf", "li", Rdf);
        if (list == "Alt") xml.WriteAttributeString("xml", "lang", null, "x-default");
        xml.WriteString(new string(text.Where(XmlConvert.IsXmlChar).ToArray()));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static Authorship? OfExif(byte[] data)
    {
        using var stream = TiffDirectory.OfExif(data);
        var tags = TiffDirectory.Read(stream);
        if (tags is null) return null;
        // EXIF 2.3, 4.6.4: photographer, NUL, editor; Text ends at the NUL
        return new Authorship(tags.Text(TiffDirectory.Artist), tags.Text(TiffDirectory.Copyright));
    }

    private static Authorship? OfXmp(byte[] data)
    {
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(data),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 1 << 22 });
            List<string> creators = [];
            string? rights = null, within = null;
            while (xml.Read())
            {
                if (xml.NodeType == XmlNodeType.Element && xml.NamespaceURI == Elements) within = xml.LocalName;
                else if (xml.NodeType == XmlNodeType.EndElement && xml.NamespaceURI == Elements) within = null;
                else if (xml.NodeType == XmlNodeType.Text && within == "creator") creators.Add(xml.Value.Trim());
                else if (xml.NodeType == XmlNodeType.Text && within == "rights") rights ??= xml.Value.Trim();
            }
            return new Authorship(creators.Count == 0 ? null : string.Join("; ", creators), rights);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string? PngText(Image image, string keyword)
    {
        var field = image.GetFields().FirstOrDefault(name => name.StartsWith("png-comment-", StringComparison.Ordinal)
            && name.EndsWith("-" + keyword, StringComparison.Ordinal));
        return field is not null && image.Get(field) is string { Length: > 0 } text ? text : null;
    }
}
