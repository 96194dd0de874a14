import { View } from '@tarojs/components';
import type { InvoicedOrderView, InvoiceView, RedLetterView } from '../../../../src/contracts/index.ts';
import { pages } from '../../addresses.ts';
import { Card, Fact } from '../../components/card.tsx';
import { go } from '../../go.ts';
import { yuan } from '../../money.ts';
import { t } from '../../words.ts';

export function InvoiceFacts({ invoice: { title, orders, redLetters } }: { invoice: InvoiceView }) {
  return (
    <>
      {redLetters.length > 0 ? <RedLetters redLetters={redLetters} /> : null}
      <Title title={title} />
      <Card title={t('invoice.orders')}>
        {orders.map((order) => (
          <OrderLine key={order.number} order={order} />
        ))}
      </Card>
    </>
  );
}

function Title({ title }: { title: InvoiceView['title'] }) {
  const { kind, name, taxNumber, address, phone, bankName, bankAccount } = title;
  return (
    <Card title={t('askInvoice.who')}>
      <Fact label={t(kind === 'company' ? 'title.companyName' : 'title.personName')}>{name}</Fact>
      {taxNumber === null ? null : <Fact label={t('title.taxNumber')}>{taxNumber}</Fact>}
      {address === null ? null : <Fact label={t('title.address')}>{address}</Fact>}
      {phone === null ? null : <Fact label={t('title.phone')}>{phone}</Fact>}
      {bankName === null ? null : <Fact label={t('title.bankName')}>{bankName}</Fact>}
      {bankAccount === null ? null : <Fact label={t('title.bankAccount')}>{bankAccount}</Fact>}
    </Card>
  );
}

function OrderLine({ order: { number, serviceName, amountFen } }: { order: InvoicedOrderView }) {
  return (
    <View
      className="invoice-order card-tappable"
      hoverClass="card-pressed"
      ariaRole="link"
      onClick={() => go.to(pages.order(number))}
    >
      <View className="invoice-line">
        <View className="invoice-service">{serviceName}</View>
        <View>{yuan(amountFen)}</View>
      </View>
      <View className="invoice-small">{number}</View>
    </View>
  );
}

function RedLetters({ redLetters }: { redLetters: RedLetterView[] }) {
  return (
    <Card title={t('invoice.redLetters')} hint={t('invoice.redLettersWhy')}>
      {redLetters.map(({ number, code, amountFen, issuedDay }) => (
        <View className="invoice-order" key={number}>
          <Fact label={t('invoice.number')}>{number}</Fact>
          {code === null ? null : <Fact label={t('invoice.code')}>{code}</Fact>}
          <Fact label={t('invoice.issuedDay')}>{issuedDay}</Fact>
          <Fact label={t('invoice.amount')}>{yuan(-amountFen)}</Fact>
        </View>
      ))}
    </Card>
  );
}
