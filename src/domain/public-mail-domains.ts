/**
 * The large mail providers that give a mailbox to everybody. An address there says nothing about an employer, so such a
 * domain can neither be proven nor open an organization. The list is kept by hand and names what people really use; it
 * need not be complete, since nobody but the provider can publish the record that proves one.
 */
const DOMAINS: ReadonlySet<string> = new Set(
  `
  gmail.com googlemail.com
  outlook.com outlook.de outlook.es outlook.fr outlook.it outlook.jp outlook.co.uk outlook.com.br outlook.in
  hotmail.com hotmail.co.uk hotmail.de hotmail.es hotmail.fr hotmail.it hotmail.nl hotmail.se hotmail.com.br
  live.com live.co.uk live.de live.fr live.it live.nl live.se live.com.au live.ca msn.com passport.com
  yahoo.com yahoo.co.uk yahoo.co.in yahoo.co.jp yahoo.com.br yahoo.com.au yahoo.com.mx yahoo.com.ar yahoo.com.hk
  yahoo.com.sg yahoo.com.tw yahoo.com.vn yahoo.co.id yahoo.ca yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yahoo.ie
  ymail.com rocketmail.com myyahoo.com aol.com aol.de aol.co.uk aim.com
  icloud.com me.com mac.com
  proton.me protonmail.com protonmail.ch pm.me
  tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me
  gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.us gmx.fr gmx.co.uk web.de mail.com email.com
  t-online.de freenet.de arcor.de online.de posteo.de posteo.net mailbox.org
  fastmail.com fastmail.fm hey.com hushmail.com zoho.com zohomail.com zohomail.eu zohomail.in mailfence.com
  yandex.ru yandex.com yandex.by yandex.kz yandex.ua ya.ru mail.ru bk.ru inbox.ru list.ru internet.ru rambler.ru ukr.net
  i.ua seznam.cz email.cz centrum.cz wp.pl o2.pl onet.pl interia.pl abv.bg freemail.hu citromail.hu azet.sk zoznam.sk
  qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn tom.com
  naver.com daum.net hanmail.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com
  rediffmail.com indiatimes.com sify.com
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr
  libero.it virgilio.it alice.it tin.it tiscali.it inwind.it iol.it
  telefonica.net terra.es sapo.pt mail.pt ziggo.nl kpnmail.nl planet.nl xs4all.nl home.nl telenet.be skynet.be proximus.be
  bluewin.ch sunrise.ch chello.at aon.at telia.com comhem.se tele2.se online.no start.no mail.dk jubii.dk suomi24.fi
  uol.com.br bol.com.br terra.com.br ig.com.br globo.com globomail.com
  comcast.net xfinity.com verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net spectrum.net rr.com
  earthlink.net juno.com netzero.net centurylink.net optonline.net frontier.com windstream.net
  rogers.com shaw.ca sympatico.ca bell.net telus.net videotron.ca
  btinternet.com sky.com virginmedia.com talktalk.net ntlworld.com blueyonder.co.uk eircom.net
  bigpond.com bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz
  mailinator.com guerrillamail.com 10minutemail.com temp-mail.org yopmail.com
  `
    .trim()
    .split(/\s+/),
);

/** Whether everybody can have a mailbox of the domain. @param domain in canonical form. */
export function isPublicMailDomain(domain: string): boolean {
  return DOMAINS.has(domain);
}
